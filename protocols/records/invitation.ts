/** A planned visit: an officer asks somebody to come; the code on it lets the kiosk recognise them. */
import { may } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { code, field, hex, ref, text, time } from '../record/field.ts'
import { t } from '../text/text.ts'

const inviter = [may('officer', 'own'), may('front-desk', 'own'), may('duty-leader', 'own')]

export const invitation = defineRecord({
  type: 'invitation',
  version: 1,
  title: t('预约', 'Invitation'),
  fields: {
    inviter: field(ref('account'), { title: t('邀约人', 'Inviter'), required: true }),
    inviteeName: field(text(80), { title: t('受邀人', 'Invitee'), sensitive: true }),
    reason: field(code('visit-reason'), { title: t('来访事由', 'Reason'), required: true }),
    from: field(time(), { title: t('时段开始', 'From'), required: true }),
    until: field(time(), { title: t('时段结束', 'Until'), required: true }),
    code: field(hex(5), { title: t('预约码', 'Code'), required: true }),
    visit: field(ref('visit'), { title: t('来访', 'Visit'), merge: 'locked' }),
  },
  home: { born: 'station', moves: false },
  tracks: {
    use: {
      title: t('使用', 'Use'),
      states: ['sent', 'used', 'lapsed', 'cancelledInvitation'],
      initial: 'sent',
      final: ['used', 'lapsed', 'cancelledInvitation'],
      words: {
        sent: t('已发出', 'Sent'),
        used: t('已使用', 'Used'),
        lapsed: t('已过期', 'Lapsed'),
        cancelledInvitation: t('已取消', 'Cancelled'),
      },
      transitions: {
        useInvitation: { title: t('使用', 'Use'), from: ['sent'], to: 'used', by: [may('kiosk', 'all'), may('front-desk', 'unit'), may('gateway', 'all')], takes: ['visit'] },
        lapseInvitation: { title: t('过期', 'Lapse'), from: ['sent'], to: 'lapsed', by: [may('gateway', 'all')] },
        cancelInvitation: { title: t('取消', 'Cancel'), from: ['sent'], to: 'cancelledInvitation', by: inviter },
      },
    },
  },
  access: {
    read: [...inviter, may('front-desk', 'unit'), may('duty-leader', 'unit'), may('kiosk', 'all'), may('gateway', 'all'), may('auditor', 'all')],
    create: [may('officer', 'own'), may('front-desk', 'own'), may('duty-leader', 'own')],
    update: { from: inviter, until: inviter },
  },
  assigned: ['inviter'],
  label: 'internal',
  replica: { handheld: { scope: 'assigned', keepDays: 14 }, desk: { scope: 'unit', keepDays: 30 } },
  retention: { from: 'until', keepDays: 30, then: 'erase' },
  views: { list: ['reason', 'from', 'until'], form: ['inviteeName', 'reason', 'from', 'until'] },
})
