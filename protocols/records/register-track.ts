/** The track of records that are kept rather than worked on: current, then superseded or ended. */
import type { AccessRow } from '../record/access.ts'
import type { Track } from '../record/define.ts'
import { t } from '../text/text.ts'

export const registerTrack = (by: readonly AccessRow[]): Track => ({
  title: t('登记', 'Register'),
  states: ['active', 'superseded'],
  initial: 'active',
  final: ['superseded'],
  words: { active: t('有效', 'Current'), superseded: t('已失效', 'No longer current') },
  transitions: { supersede: { title: t('注销', 'End'), from: ['active'], to: 'superseded', by } },
})
