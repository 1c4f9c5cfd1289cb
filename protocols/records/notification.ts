/** A message to one person about one matter, with how far it got. The text is neutral: no name, number or reason of a visitor. */
import { may } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { boolean, code, field, hex, ref, text, time } from '../record/field.ts'
import { t } from '../text/text.ts'

const addressee = [may('officer', 'assigned'), may('auxiliary', 'assigned'), may('front-desk', 'assigned'), may('duty-leader', 'assigned')]
const gateway = [may('gateway', 'all')]

export const notification = defineRecord({
  type: 'notification',
  version: 1,
  title: t('通知', 'Notification'),
  fields: {
    to: field(ref('account'), { title: t('接收人', 'To'), required: true, merge: 'locked' }),
    reason: field(code('notification-reason'), { title: t('事由', 'Reason'), required: true, merge: 'locked' }),
    matterType: field(text(40), { title: t('事项类别', 'Kind of matter'), required: true, merge: 'locked' }),
    matter: field(hex(16), { title: t('事项', 'Matter'), required: true, merge: 'locked' }),
    matterNumber: field(text(40), { title: t('事项编号', 'Number of the matter'), merge: 'locked' }),
    urgent: field(boolean(), { title: t('紧急', 'Urgent'), merge: 'locked' }),
    shownAt: field(time(), { title: t('显示时间', 'Shown'), merge: 'locked' }),
    readAt: field(time(), { title: t('阅读时间', 'Read'), merge: 'locked' }),
  },
  home: { born: 'station', moves: false },
  tracks: {
    delivery: {
      title: t('送达', 'Delivery'),
      states: ['waiting', 'held', 'shown', 'read'],
      initial: 'waiting',
      born: ['held'],
      final: ['read'],
      words: { waiting: t('待送达', 'Waiting'), held: t('下班暂缓', 'Held, off duty'), shown: t('已显示', 'On screen'), read: t('已读', 'Read') },
      transitions: {
        showNotification: { title: t('显示', 'Shown'), from: ['waiting', 'held'], to: 'shown', by: addressee, takes: ['shownAt'] },
        readNotification: { title: t('阅读', 'Read'), from: ['waiting', 'held', 'shown'], to: 'read', by: addressee, takes: ['readAt'] },
        release: { title: t('上班送达', 'On duty again'), from: ['held'], to: 'waiting', by: gateway },
      },
    },
  },
  access: { read: [...addressee, ...gateway, may('duty-leader', 'unit'), may('auditor', 'all')], create: gateway, update: {} },
  assigned: ['to'],
  label: 'internal',
  replica: { handheld: { scope: 'assigned', keepDays: 14 }, desk: { scope: 'assigned', keepDays: 14 } },
  retention: { from: 'updated', keepDays: 90, then: 'erase' },
  views: { list: ['reason', 'matterNumber', 'urgent'] },
})
