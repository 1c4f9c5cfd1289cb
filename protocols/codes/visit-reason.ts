/** Why somebody comes to a station: asked at the kiosk, so short and in the visitor's words. */
import { t } from '../text/text.ts'
import { defineCodes } from './list.ts'

export const visitReasons = defineCodes({
  key: 'visit-reason',
  edition: 1,
  title: t('来访事由', 'Reason of visit'),
  rows: [
    { code: 'reportCrime', zh: '报案', en: 'Report a crime' },
    { code: 'help', zh: '求助', en: 'Ask for help' },
    { code: 'advice', zh: '咨询', en: 'Advice' },
    { code: 'registerDocuments', zh: '户籍/证件', en: 'Household register and documents' },
    { code: 'caseProgress', zh: '案件进展查询', en: 'Progress of a case' },
    { code: 'complaint', zh: '投诉建议', en: 'Complaint or proposal' },
    { code: 'mediation', zh: '调解', en: 'Mediation' },
    { code: 'meetOfficer', zh: '约见民警', en: 'Meet an officer' },
    { code: 'collectItems', zh: '领取物品', en: 'Collect items' },
    { code: 'testimony', zh: '送达/作证', en: 'Service of papers or testimony' },
    { code: 'official', zh: '公务来访', en: 'Official visit' },
    { code: 'other', zh: '其他', en: 'Other' },
  ],
})
