/** The handling track of a visit: who deals with it and how far. */
import { may } from '../record/access.ts'
import { either, filled, inState } from '../record/condition.ts'
import type { Track } from '../record/define.ts'
import { t } from '../text/text.ts'
import { presenceEnded } from './visit-presence.ts'

const assignedOfficer = may('officer', 'assigned')
const dutyLeader = may('duty-leader', 'unit')

export const handling: Track = {
  title: t('处置状态', 'Handling'),
  states: ['queued', 'assigned', 'signed', 'handling', 'handled', 'referred', 'closed'],
  initial: 'queued',
  final: ['closed'],
  words: {
    queued: t('待分配', 'To be assigned'),
    assigned: t('已分配', 'Assigned'),
    signed: t('已签收', 'Signed'),
    handling: t('处置中', 'In hand'),
    handled: t('已处置', 'Handled'),
    referred: t('已转介', 'Referred'),
    closed: t('已办结', 'Closed'),
  },
  transitions: {
    assign: {
      title: t('分配', 'Assign'),
      from: ['queued'],
      to: 'assigned',
      by: [may('front-desk', 'unit'), dutyLeader],
      needs: ['officer'],
    },
    sign: { title: t('签收', 'Sign'), from: ['assigned'], to: 'signed', by: [assignedOfficer] },
    begin: { title: t('开始处置', 'Begin'), from: ['signed'], to: 'handling', by: [assignedOfficer] },
    finish: {
      title: t('处置完毕', 'Finish'),
      from: ['handling'],
      to: 'handled',
      by: [assignedOfficer],
      takes: ['feedback', 'photos'],
      guards: [filled('feedback')],
    },
    refer: { title: t('转介', 'Refer'), from: ['handling'], to: 'referred', by: [assignedOfficer], needs: ['referredTo'] },
    handBack: {
      title: t('退回', 'Hand back'),
      from: ['assigned', 'signed'],
      to: 'queued',
      by: [assignedOfficer, dutyLeader],
      needs: ['backReason'],
      clears: ['officer'],
    },
    transfer: {
      title: t('转交', 'Transfer'),
      from: ['assigned', 'signed'],
      to: 'assigned',
      by: [assignedOfficer, dutyLeader],
      needs: ['officer', 'backReason'],
    },
    close: {
      title: t('办结', 'Close'),
      from: ['handled', 'referred'],
      to: 'closed',
      by: [may('gateway', 'all'), dutyLeader],
      guards: [either(inState('presence', ...presenceEnded))],
    },
    reopen: { title: t('重新办理', 'Reopen'), from: ['closed'], to: 'handling', by: [dutyLeader], needs: ['reopenReason'] },
  },
}
