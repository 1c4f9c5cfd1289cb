/** Sex as documents give it, where an entry about a person comes from, and how somebody was identified at the door. */
import { t } from '../text/text.ts'
import { defineCodes } from './list.ts'

export const sexes = defineCodes({
  key: 'sex',
  edition: 1,
  title: t('性别', 'Sex'),
  rows: [
    { code: 'm', zh: '男', en: 'Male' },
    { code: 'f', zh: '女', en: 'Female' },
    { code: 'x', zh: '未说明', en: 'Not stated' },
  ],
})

export const personSources = defineCodes({
  key: 'person-source',
  edition: 1,
  title: t('来源', 'Source'),
  rows: [
    { code: 'reader', zh: '证件读取', en: 'Read from the document' },
    { code: 'typed', zh: '本人填写', en: 'Typed by the visitor' },
    { code: 'desk', zh: '前台录入', en: 'Entered at the front desk' },
    { code: 'invitation', zh: '预约信息', en: 'From the invitation' },
  ],
})

export const identifiedBys = defineCodes({
  key: 'identified-by',
  edition: 1,
  title: t('核验方式', 'Identified by'),
  rows: [
    { code: 'match', zh: '人证比对', en: 'Compared with the document' },
    { code: 'desk', zh: '人工核验', en: 'Checked by the front desk' },
    { code: 'guardian', zh: '监护人确认', en: 'Confirmed by a guardian' },
    { code: 'none', zh: '未核验', en: 'Not identified' },
  ],
})

export const matchDecisions = defineCodes({
  key: 'match-decision',
  edition: 1,
  title: t('比对结论', 'Decision on the match'),
  rows: [
    { code: 'same', zh: '一致', en: 'Same person' },
    { code: 'different', zh: '不一致', en: 'Not the same person' },
    { code: 'overridden', zh: '人工确认一致', en: 'Confirmed by a person' },
    { code: 'skipped', zh: '未比对', en: 'Not compared' },
  ],
})
