/** The presence track of a visit: where the visitor is. It never waits for the handling track, nor that one for it. */
import { may } from '../record/access.ts'
import type { Track } from '../record/define.ts'
import { t } from '../text/text.ts'

const kiosk = may('kiosk', 'own')
const door = [may('front-desk', 'unit'), may('duty-leader', 'unit')]

export const presenceEnded = ['checkedOut', 'leftWithoutCheckout', 'cancelled', 'noShow', 'refusedEntry'] as const

export const presence: Track = {
  title: t('在所状态', 'Presence'),
  states: ['planned', 'identityPending', 'identified', 'checkedIn', 'steppedOut', ...presenceEnded],
  initial: 'identityPending',
  born: ['planned'],
  final: [...presenceEnded],
  words: {
    planned: t('已预约', 'Planned'),
    identityPending: t('待核验', 'Identity pending'),
    identified: t('已核验', 'Identified'),
    checkedIn: t('已登记', 'Checked in'),
    steppedOut: t('临时外出', 'Stepped out'),
    checkedOut: t('已离所', 'Checked out'),
    leftWithoutCheckout: t('未登记离所', 'Left without check-out'),
    cancelled: t('已取消', 'Cancelled'),
    noShow: t('未到访', 'Did not come'),
    refusedEntry: t('拒绝进入', 'Entry refused'),
  },
  transitions: {
    arrive: { title: t('到达', 'Arrive'), from: ['planned'], to: 'identityPending', by: [may('kiosk', 'all'), ...door], takes: ['visitor'] },
    identify: {
      title: t('核验身份', 'Identify'),
      from: ['identityPending'],
      to: 'identified',
      by: [kiosk, ...door],
      needs: ['identifiedBy'],
      takes: ['matchScore', 'matchThreshold', 'matchModel', 'matchDecision', 'consentAt', 'identityReason', 'visitor'],
    },
    checkIn: {
      title: t('登记', 'Check in'),
      from: ['identified'],
      to: 'checkedIn',
      by: [kiosk, ...door],
      needs: ['reason', 'checkedInAt'],
      takes: ['host', 'hostUnit', 'slipCode', 'companions', 'reasonText'],
    },
    stepOut: { title: t('临时外出', 'Step out'), from: ['checkedIn'], to: 'steppedOut', by: door },
    comeBack: { title: t('返回', 'Come back'), from: ['steppedOut'], to: 'checkedIn', by: door },
    checkOut: {
      title: t('离所登记', 'Check out'),
      from: ['checkedIn', 'steppedOut'],
      to: 'checkedOut',
      by: [may('kiosk', 'all'), ...door],
      needs: ['leftAt'],
    },
    leaveUnregistered: {
      title: t('未登记离所', 'Left without check-out'),
      from: ['checkedIn', 'steppedOut'],
      to: 'leftWithoutCheckout',
      by: door,
      needs: ['leftAt'],
    },
    cancel: { title: t('取消', 'Cancel'), from: ['planned'], to: 'cancelled', by: [may('officer', 'own'), ...door] },
    miss: { title: t('未到访', 'Did not come'), from: ['planned'], to: 'noShow', by: [may('gateway', 'all')] },
    refuseEntry: {
      title: t('拒绝进入', 'Refuse entry'),
      from: ['identityPending', 'identified'],
      to: 'refusedEntry',
      by: door,
      needs: ['refuseReason'],
    },
  },
}
