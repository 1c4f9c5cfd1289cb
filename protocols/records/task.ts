/** Work with a due time, given to a unit and a person. First form: one responsible unit. */
import { may } from '../record/access.ts'
import { filled } from '../record/condition.ts'
import { defineRecord } from '../record/define.ts'
import { field, lines, ref, refs, text, time } from '../record/field.ts'
import { t } from '../text/text.ts'

const issuer = [may('officer', 'own'), may('duty-leader', 'own'), may('unit-leader', 'own'), may('bureau-leader', 'own')]
const doer = [may('officer', 'assigned'), may('auxiliary', 'assigned'), may('duty-leader', 'assigned'), may('unit-leader', 'assigned')]
const leader = [may('unit-leader', 'linked-units'), may('bureau-leader', 'all')]

export const task = defineRecord({
  type: 'task',
  version: 1,
  title: t('任务', 'Task'),
  fields: {
    title: field(text(120), { title: t('标题', 'Title'), required: true }),
    text: field(text(4000), { title: t('内容', 'Text') }),
    responsible: field(ref('account'), { title: t('责任人', 'Responsible person'), merge: 'locked' }),
    copied: field(refs('account'), { title: t('抄送', 'Copied') }),
    due: field(time(), { title: t('完成时限', 'Due') }),
    feedback: field(lines(4000), { title: t('反馈', 'Feedback') }),
    moveReason: field(text(200), { title: t('原因', 'Reason'), merge: 'locked' }),
  },
  home: { born: 'station', moves: false },
  tracks: {
    task: {
      title: t('任务状态', 'Task'),
      states: ['draft', 'pendingApproval', 'issued', 'signed', 'inProgress', 'feedbackSubmitted', 'feedbackAccepted', 'closed', 'archived', 'suspended', 'withdrawn', 'cancelled', 'failed'],
      initial: 'draft',
      born: ['issued'],
      final: ['archived', 'withdrawn', 'cancelled', 'failed'],
      words: {
        draft: t('草稿', 'Draft'),
        pendingApproval: t('待审批', 'Waiting for approval'),
        issued: t('已交办', 'Issued'),
        signed: t('已领办', 'Taken up'),
        inProgress: t('办理中', 'In progress'),
        feedbackSubmitted: t('已反馈', 'Feedback submitted'),
        feedbackAccepted: t('审核确认', 'Feedback accepted'),
        closed: t('已办结', 'Closed'),
        archived: t('办结销号', 'Archived'),
        suspended: t('中止', 'Suspended'),
        withdrawn: t('撤回', 'Withdrawn'),
        cancelled: t('已取消', 'Cancelled'),
        failed: t('逾期失效', 'Failed'),
      },
      transitions: {
        submitTask: { title: t('送审', 'Submit'), from: ['draft'], to: 'pendingApproval', by: issuer },
        approveTask: { title: t('批准', 'Approve'), from: ['pendingApproval'], to: 'issued', by: leader, takes: ['responsible'] },
        returnTask: { title: t('退回修改', 'Send back'), from: ['pendingApproval'], to: 'draft', by: leader, needs: ['moveReason'] },
        issueTask: { title: t('交办', 'Issue'), from: ['draft'], to: 'issued', by: issuer, needs: ['responsible'] },
        takeUp: { title: t('领办', 'Take up'), from: ['issued'], to: 'signed', by: doer },
        startTask: { title: t('办理', 'Start'), from: ['signed'], to: 'inProgress', by: doer },
        handBackTask: { title: t('退回', 'Hand back'), from: ['issued', 'signed'], to: 'issued', by: doer, needs: ['moveReason'] },
        submitFeedback: { title: t('提交反馈', 'Submit feedback'), from: ['inProgress'], to: 'feedbackSubmitted', by: doer, takes: ['feedback'], guards: [filled('feedback')] },
        acceptFeedback: { title: t('审核确认', 'Accept'), from: ['feedbackSubmitted'], to: 'feedbackAccepted', by: issuer },
        rejectFeedback: { title: t('驳回重办', 'Reject'), from: ['feedbackSubmitted'], to: 'inProgress', by: issuer, needs: ['moveReason'] },
        closeTask: { title: t('办结', 'Close'), from: ['feedbackAccepted'], to: 'closed', by: issuer },
        archiveTask: { title: t('销号', 'Archive'), from: ['closed'], to: 'archived', by: leader },
        suspendTask: { title: t('中止', 'Suspend'), from: ['issued', 'signed', 'inProgress'], to: 'suspended', by: [...issuer, ...leader], needs: ['moveReason'] },
        resumeTask: { title: t('恢复', 'Resume'), from: ['suspended'], to: 'inProgress', by: [...issuer, ...leader] },
        withdrawTask: { title: t('撤回', 'Withdraw'), from: ['issued', 'signed', 'inProgress'], to: 'withdrawn', by: issuer, needs: ['moveReason'] },
        cancelTask: { title: t('取消', 'Cancel'), from: ['draft', 'pendingApproval', 'issued'], to: 'cancelled', by: issuer },
        failTask: { title: t('逾期失效', 'Fail'), from: ['issued', 'signed', 'inProgress'], to: 'failed', by: [may('gateway', 'all')] },
      },
    },
  },
  access: {
    read: [...issuer, ...doer, ...leader, may('duty-leader', 'unit'), may('auditor', 'all'), may('gateway', 'all')],
    create: issuer,
    update: { title: issuer, text: issuer, due: issuer, copied: issuer, feedback: doer },
  },
  assigned: ['responsible', 'copied'],
  label: 'internal',
  replica: { handheld: { scope: 'assigned', keepDays: 14 }, desk: { scope: 'unit', keepDays: 90 } },
  retention: { from: 'updated', keepDays: 1825, then: 'erase' },
  views: { list: ['number', 'title', 'responsible', 'due'], form: ['title', 'text', 'due', 'copied'], timeline: ['feedback'], statistics: { countBy: ['responsible'] } },
})
