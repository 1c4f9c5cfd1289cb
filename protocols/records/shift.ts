/** One block of the duty roster: who leads and who is on duty from when to when. */
import { may, staff } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { field, ref, refs, time } from '../record/field.ts'
import { t } from '../text/text.ts'

const leaders = [may('duty-leader', 'unit'), may('unit-leader', 'unit')]

export const shift = defineRecord({
  type: 'shift',
  version: 1,
  title: t('班次', 'Roster shift'),
  fields: {
    from: field(time(), { title: t('开始', 'From'), required: true }),
    until: field(time(), { title: t('结束', 'Until'), required: true }),
    leader: field(ref('account'), { title: t('值班领导', 'Duty leader') }),
    officers: field(refs('account'), { title: t('民警', 'Officers') }),
    auxiliaries: field(refs('account'), { title: t('辅警', 'Auxiliaries') }),
  },
  home: { born: 'station', moves: false },
  tracks: {
    duty: {
      title: t('值班', 'Duty'),
      states: ['planned', 'running', 'ended'],
      initial: 'planned',
      final: ['ended'],
      words: { planned: t('已排班', 'Planned'), running: t('值班中', 'On duty'), ended: t('已下班', 'Ended') },
      transitions: {
        start: { title: t('上班', 'Start'), from: ['planned'], to: 'running', by: [...leaders, may('gateway', 'all')] },
        end: { title: t('下班', 'End'), from: ['running'], to: 'ended', by: [...leaders, may('gateway', 'all')] },
      },
    },
  },
  access: {
    read: staff(),
    create: [...leaders, may('gateway', 'all')],
    update: { from: leaders, until: leaders, leader: leaders, officers: leaders, auxiliaries: leaders },
  },
  label: 'internal',
  replica: { handheld: { scope: 'unit', keepDays: 7 }, desk: { scope: 'unit', keepDays: 30 } },
  retention: { from: 'until', keepDays: 1095, then: 'erase' },
  views: { list: ['from', 'until', 'leader'], form: ['from', 'until', 'leader', 'officers', 'auxiliaries'] },
})
