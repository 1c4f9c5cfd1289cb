/** Why a person is told something. The words are neutral: they may stand on a locked screen. */
import { t } from '../text/text.ts'
import { defineCodes } from './list.ts'

export const notificationReasons = defineCodes({
  key: 'notification-reason',
  edition: 1,
  title: t('通知事由', 'Reason of notification'),
  rows: [
    { code: 'visitAssigned', zh: '有来访分配给你', en: 'A visit was assigned to you' },
    { code: 'visitArrived', zh: '你预约的来访人员已到', en: 'Your visitor has come' },
    { code: 'visitUnsigned', zh: '来访超时未签收', en: 'A visit has not been signed for' },
    { code: 'visitHandedBack', zh: '来访被退回', en: 'A visit was handed back' },
    { code: 'badRating', zh: '有不满意评价', en: 'A bad rating needs a check' },
    { code: 'notCheckedOut', zh: '来访人员超时未离所', en: 'A visitor is still inside' },
    { code: 'incidentDispatched', zh: '有警情派给你', en: 'An incident was dispatched to you' },
    { code: 'taskIssued', zh: '有任务交办给你', en: 'A task was issued to you' },
    { code: 'taskDue', zh: '任务即将到期', en: 'A task is due soon' },
    { code: 'changeRefused', zh: '有变更被拒收', en: 'A change was refused' },
    { code: 'deviceSilent', zh: '设备无响应', en: 'A device is silent' },
    { code: 'purposeOther', zh: '有查询未填事项', en: 'A look-up without a matter' },
    { code: 'news', zh: '有新警讯', en: 'News' },
  ],
})
