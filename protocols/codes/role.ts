/** Words of the roles of record/access.ts. The two lists are held equal by a test. */
import { t } from '../text/text.ts'
import { defineCodes } from './list.ts'

export const roleCodes = defineCodes({
  key: 'role',
  edition: 1,
  title: t('权限组', 'Role'),
  rows: [
    { code: 'officer', zh: '民警', en: 'Officer' },
    { code: 'auxiliary', zh: '辅警', en: 'Auxiliary' },
    { code: 'front-desk', zh: '前台', en: 'Front desk' },
    { code: 'seat', zh: '接警席', en: 'Seat' },
    { code: 'duty-leader', zh: '值班领导', en: 'Duty leader' },
    { code: 'unit-leader', zh: '单位领导', en: 'Unit leader' },
    { code: 'bureau-leader', zh: '局领导', en: 'Bureau leader' },
    { code: 'auditor', zh: '法制/督察', en: 'Auditor' },
    { code: 'administrator', zh: '管理员', en: 'Administrator' },
    { code: 'kiosk', zh: '自助机', en: 'Kiosk' },
    { code: 'reader', zh: '证件阅读器', en: 'Document reader' },
    { code: 'gateway', zh: '网关', en: 'Gateway' },
  ],
})
