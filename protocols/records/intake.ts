/** The taking of a report: one incident is one intake record. First form. */
import { may } from '../record/access.ts'
import { all, some } from '../record/condition.ts'
import { defineRecord } from '../record/define.ts'
import { code, field, integer, position, ref, text, time } from '../record/field.ts'
import { t } from '../text/text.ts'

const seat = [may('seat', 'unit'), may('duty-leader', 'unit')]
const gateway = [may('gateway', 'all')]

export const intake = defineRecord({
  type: 'intake',
  version: 1,
  title: t('接警单', 'Intake record'),
  fields: {
    channel: field(code('intake-channel'), { title: t('报警途径', 'Channel'), required: true }),
    incidentType: field(code('incident-type'), { title: t('警情类别', 'Incident type') }),
    severity: field(integer(1, 4), { title: t('警情级别', 'Level') }),
    phone: field(text(24), { title: t('报警电话', 'Phone'), merge: 'evidence', sensitive: true }),
    place: field(text(200), { title: t('事发地点', 'Place'), merge: 'evidence' }),
    pointAutomatic: field(position(), { title: t('自动定位', 'Automatic position') }),
    pointManual: field(position(), { title: t('人工定位', 'Manual position') }),
    account: field(text(4000), { title: t('报警内容', 'What was reported'), merge: 'evidence' }),
    seat: field(ref('account'), { title: t('接警员', 'Seat'), merge: 'locked' }),
    takenAt: field(time(), { title: t('接警时间', 'Taken'), merge: 'locked' }),
    endReason: field(text(200), { title: t('说明', 'Reason'), merge: 'locked' }),
    mergedInto: field(ref('intake'), { title: t('并入', 'Merged into'), merge: 'locked' }),
  },
  home: { born: 'station', moves: true },
  tracks: {
    intake: {
      title: t('警情状态', 'Incident'),
      states: ['waiting', 'accepted', 'dispatched', 'inProgress', 'closed', 'archived', 'invalid', 'cancelledReport', 'notPolice', 'merged'],
      initial: 'waiting',
      final: ['archived', 'invalid', 'cancelledReport', 'notPolice', 'merged'],
      words: {
        waiting: t('待受理', 'Waiting'),
        accepted: t('已受理', 'Accepted'),
        dispatched: t('已派警', 'Dispatched'),
        inProgress: t('处置中', 'In progress'),
        closed: t('已结警', 'Closed'),
        archived: t('已归档', 'Archived'),
        invalid: t('无效', 'Invalid'),
        cancelledReport: t('撤销', 'Cancelled'),
        notPolice: t('非警务', 'Not a police matter'),
        merged: t('重复并案', 'Merged'),
      },
      transitions: {
        accept: { title: t('受理', 'Accept'), from: ['waiting'], to: 'accepted', by: seat, needs: ['takenAt'], takes: ['seat'] },
        dispatch: { title: t('派警', 'Dispatch'), from: ['accepted'], to: 'dispatched', by: seat },
        progress: { title: t('开始处置', 'In progress'), from: ['dispatched'], to: 'inProgress', by: gateway },
        closeIncident: {
          title: t('结警', 'Close'),
          from: ['inProgress'],
          to: 'closed',
          by: seat,
          guards: [
            some('handling-record', 'handling', ['closedHandling', 'returned', 'reassigned', 'handedOver', 'withdrawn']),
            all('handling-record', 'handling', ['closedHandling', 'returned', 'reassigned', 'handedOver', 'withdrawn']),
          ],
        },
        archive: { title: t('归档', 'Archive'), from: ['closed'], to: 'archived', by: [may('duty-leader', 'unit'), ...gateway] },
        markInvalid: { title: t('无效', 'Invalid'), from: ['waiting', 'accepted'], to: 'invalid', by: seat, needs: ['endReason'] },
        cancelReport: { title: t('撤销', 'Cancel'), from: ['waiting', 'accepted'], to: 'cancelledReport', by: seat, needs: ['endReason'] },
        markNotPolice: { title: t('非警务', 'Not a police matter'), from: ['waiting', 'accepted'], to: 'notPolice', by: seat, needs: ['endReason'] },
        mergeInto: { title: t('重复并案', 'Merge'), from: ['waiting', 'accepted'], to: 'merged', by: seat, needs: ['mergedInto'] },
        unmerge: { title: t('撤销并案', 'Undo merge'), from: ['merged'], to: 'accepted', by: seat, needs: ['endReason'] },
        reopenIncident: { title: t('重新打开', 'Reopen'), from: ['closed', 'archived'], to: 'inProgress', by: [may('duty-leader', 'unit')], needs: ['endReason'] },
      },
    },
  },
  access: {
    read: [...seat, may('officer', 'unit'), may('unit-leader', 'linked-units'), may('auditor', 'all'), ...gateway],
    create: [...seat, ...gateway],
    update: {
      incidentType: seat,
      severity: seat,
      place: seat,
      pointManual: seat,
      account: seat,
      phone: seat,
    },
  },
  relations: { 'handling-record': 'intake' },
  label: 'internal',
  replica: { desk: { scope: 'unit', keepDays: 90 } },
  retention: { from: 'updated', keepDays: 3650, then: 'review' },
  views: {
    list: ['number', 'incidentType', 'severity', 'place'],
    form: ['channel', 'incidentType', 'severity', 'place', 'account', 'phone'],
    statistics: { countBy: ['incidentType', 'channel'] },
  },
})
