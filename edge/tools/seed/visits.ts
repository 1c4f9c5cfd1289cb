/** Twenty visits of the last two days: how far each has come and what was written. Times are minutes before now. */
export interface DemoVisit {
  readonly minutesAgo: number
  readonly visitor: number
  readonly reason: string
  readonly identified: 'match' | 'desk'
  readonly score: number
  readonly until: 'identityPending' | 'checkedIn' | 'assigned' | 'signed' | 'handling' | 'handled' | 'closed' | 'refused' | 'left'
  readonly feedback?: string
  readonly grades?: readonly [number, number, number, number]
}

const closed = (
  minutesAgo: number,
  visitor: number,
  reason: string,
  score: number,
  feedback: string,
  grades?: readonly [number, number, number, number],
): DemoVisit => ({
  minutesAgo,
  visitor,
  reason,
  identified: score >= 700 ? 'match' : 'desk',
  score,
  until: 'closed',
  feedback,
  ...(grades ? { grades } : {}),
})

export const demoVisits: readonly DemoVisit[] = [
  closed(1790, 0, 'registerDocuments', 861, '来办理居住登记，材料齐全，已受理，告知七个工作日内领取。', [5, 5, 4, 5]),
  closed(1755, 1, 'caseProgress', 792, '询问电动车被盗一事进展，已当面说明目前情况并留下联系方式。', [4, 3, 4, 5]),
  closed(1710, 2, 'advice', 640, '老人咨询反诈宣传内容，人工核验身份，已讲解并发放宣传册。', [5, 5, 5, 5]),
  closed(1630, 3, 'mediation', 885, '楼上漏水纠纷，双方到场，达成口头协议，一周内修复。', [4, 4, 4, 4]),
  closed(1580, 4, 'help', 803, '手机丢失求助，协助登记并指导挂失，已联系失物招领。', [3, 2, 4, 4]),
  closed(1420, 1, 'collectItems', 822, '核对凭证后领回遗失背包，物品清点无误，本人签字。', [5, 4, 5, 5]),
  closed(1370, 0, 'meetOfficer', 847, '约见社区民警，反映小区夜间停车问题，已记录并安排巡逻。'),
  closed(1300, 3, 'complaint', 768, '对窗口等候时间提出建议，已解释并转值班领导。', [2, 2, 3, 3]),
  closed(1240, 2, 'testimony', 655, '到所送达材料，人工核验，已签收并归入案卷。'),
  { minutesAgo: 1200, visitor: 4, reason: 'other', identified: 'desk', score: 0, until: 'refused' },
  closed(410, 4, 'registerDocuments', 874, '补领居住证，信息核对一致，已采集照片。', [5, 5, 5, 5]),
  closed(360, 1, 'advice', 815, '咨询出租房备案手续，已发放材料清单。', [4, 4, 5, 4]),
  { minutesAgo: 330, visitor: 3, reason: 'official', identified: 'match', score: 838, until: 'left', feedback: '公务对接，材料已交内勤。' },
  closed(255, 0, 'caseProgress', 856, '案件已移送，告知查询方式。', [4, 5, 4, 4]),
  { minutesAgo: 130, visitor: 2, reason: 'help', identified: 'desk', score: 612, until: 'handled', feedback: '老人找不到家，已联系家属前来接回。' },
  { minutesAgo: 95, visitor: 1, reason: 'mediation', identified: 'match', score: 809, until: 'handling', feedback: '双方已到场，正在了解情况。' },
  { minutesAgo: 62, visitor: 4, reason: 'reportCrime', identified: 'match', score: 880, until: 'signed' },
  { minutesAgo: 34, visitor: 0, reason: 'meetOfficer', identified: 'match', score: 842, until: 'assigned' },
  { minutesAgo: 18, visitor: 3, reason: 'registerDocuments', identified: 'match', score: 798, until: 'checkedIn' },
  { minutesAgo: 6, visitor: 2, reason: 'advice', identified: 'desk', score: 655, until: 'identityPending' },
]
