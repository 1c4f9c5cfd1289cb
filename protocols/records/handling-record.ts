/** One unit's handling of an incident: many handling records to one intake record. First form. */
import { may } from '../record/access.ts'
import { filled } from '../record/condition.ts'
import { defineRecord } from '../record/define.ts'
import { code, field, lines, ref, refs, text, time } from '../record/field.ts'
import { t } from '../text/text.ts'

const officer = [may('officer', 'assigned')]
const seat = [may('seat', 'unit'), may('duty-leader', 'unit')]

export const handlingRecord = defineRecord({
  type: 'handling-record',
  version: 1,
  title: t('处警单', 'Handling record'),
  fields: {
    intake: field(ref('intake'), { title: t('接警单', 'Intake record'), required: true, merge: 'locked' }),
    role: field(code('handling-role'), { title: t('角色', 'Role'), required: true }),
    officers: field(refs('account'), { title: t('处警民警', 'Officers') }),
    dispatchedAt: field(time(), { title: t('派警时间', 'Dispatched'), merge: 'locked' }),
    signedAt: field(time(), { title: t('签收时间', 'Signed'), merge: 'locked' }),
    setOutAt: field(time(), { title: t('出警时间', 'Set out'), merge: 'locked' }),
    arrivedAt: field(time(), { title: t('到达时间', 'Arrived'), merge: 'locked' }),
    feedback: field(lines(4000), { title: t('反馈', 'Feedback') }),
    disposition: field(code('disposition'), { title: t('处置结果', 'Disposition'), merge: 'locked' }),
    moveReason: field(text(200), { title: t('原因', 'Reason'), merge: 'locked' }),
  },
  home: { born: 'station', moves: false },
  tracks: {
    handling: {
      title: t('处警状态', 'Handling'),
      states: ['dispatched', 'signed', 'setOut', 'arrived', 'handling', 'fedBack', 'closedHandling', 'returned', 'reassigned', 'handedOver', 'withdrawn'],
      initial: 'dispatched',
      final: ['closedHandling', 'returned', 'reassigned', 'handedOver', 'withdrawn'],
      words: {
        dispatched: t('已派警', 'Dispatched'),
        signed: t('已签收', 'Signed'),
        setOut: t('已出警', 'Set out'),
        arrived: t('已到达', 'Arrived'),
        handling: t('处置中', 'In hand'),
        fedBack: t('已反馈', 'Fed back'),
        closedHandling: t('已结警', 'Closed'),
        returned: t('退回', 'Returned'),
        reassigned: t('改派', 'Reassigned'),
        handedOver: t('移交', 'Handed over'),
        withdrawn: t('撤销', 'Withdrawn'),
      },
      transitions: {
        signDispatch: { title: t('签收', 'Sign'), from: ['dispatched'], to: 'signed', by: officer, needs: ['signedAt'] },
        setOut: { title: t('出警', 'Set out'), from: ['dispatched', 'signed'], to: 'setOut', by: officer, needs: ['setOutAt'] },
        arriveAtScene: { title: t('到达', 'Arrive'), from: ['dispatched', 'signed', 'setOut'], to: 'arrived', by: officer, needs: ['arrivedAt'] },
        handle: { title: t('处置', 'Handle'), from: ['signed', 'setOut', 'arrived'], to: 'handling', by: officer, takes: ['feedback'] },
        feedBack: {
          title: t('最终反馈', 'Final feedback'),
          from: ['arrived', 'handling'],
          to: 'fedBack',
          by: officer,
          needs: ['disposition'],
          takes: ['feedback'],
          guards: [filled('feedback')],
        },
        closeHandling: { title: t('结警', 'Close'), from: ['fedBack'], to: 'closedHandling', by: seat },
        returnDispatch: { title: t('退回', 'Return'), from: ['dispatched', 'signed'], to: 'returned', by: officer, needs: ['moveReason'] },
        reassign: { title: t('改派', 'Reassign'), from: ['dispatched', 'signed', 'setOut', 'arrived'], to: 'reassigned', by: seat, needs: ['moveReason'] },
        handOverDispatch: { title: t('移交', 'Hand over'), from: ['signed', 'setOut', 'arrived', 'handling'], to: 'handedOver', by: seat, needs: ['moveReason'] },
        withdrawDispatch: { title: t('撤销', 'Withdraw'), from: ['dispatched', 'signed'], to: 'withdrawn', by: seat, needs: ['moveReason'] },
      },
    },
  },
  access: {
    read: [...officer, ...seat, may('unit-leader', 'linked-units'), may('auditor', 'all'), may('gateway', 'all')],
    create: seat,
    update: { feedback: officer, officers: seat },
  },
  assigned: ['officers'],
  label: 'internal',
  replica: {
    handheld: { scope: 'assigned', keepDays: 14, pulls: { intake: ['number', 'incidentType', 'severity', 'place', 'account', 'pointManual', 'unit'] } },
    desk: { scope: 'unit', keepDays: 90 },
  },
  retention: { from: 'updated', keepDays: 3650, then: 'review' },
  views: { list: ['number', 'role', 'dispatchedAt'], timeline: ['feedback'], statistics: { countBy: ['disposition'] } },
})
