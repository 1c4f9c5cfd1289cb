/** Why a person, vehicle or case is looked up (P10). Asked before the record opens; "other" needs words and tells the duty leader. */
import { t } from '../text/text.ts'
import { type CodeRow, defineCodes } from './list.ts'

export interface PurposeRow extends CodeRow {
  /** Goes on only with a text that says what for. */
  readonly needsText: boolean
}

const row = (code: string, zh: string, en: string, needsText = false): PurposeRow => ({ code, zh, en, needsText })

export const purposes = defineCodes<PurposeRow>({
  key: 'purpose',
  edition: 1,
  title: t('查询用途', 'Purpose code'),
  rows: [
    row('visit', '来访接待', 'Receiving a visitor'),
    row('incident', '警情处置', 'Handling an incident'),
    row('event', '事件办理', 'Working on an event'),
    row('task', '任务办理', 'Working on a task'),
    row('deathFile', '非正常死亡办理', 'Working on a death file'),
    row('community', '走访核查', 'Community visit or check'),
    row('narcotics', '涉毒管控', 'Narcotics control'),
    row('rescue', '救助寻人', 'Rescue or missing person'),
    row('audit', '法制督察', 'Oversight'),
    row('subject', '本人申请', 'Asked for by the person concerned'),
    row('drill', '演练', 'Drill'),
    row('other', '其他', 'Other', true),
  ],
})
