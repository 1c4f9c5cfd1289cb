/** Kinds of units: bureau above departments and stations, teams below them. */
import { t } from '../text/text.ts'
import { defineCodes } from './list.ts'

export const unitKinds = defineCodes({
  key: 'unit-kind',
  edition: 1,
  title: t('单位类别', 'Unit kind'),
  rows: [
    { code: 'bureau', zh: '公安局', en: 'Bureau' },
    { code: 'department', zh: '部门', en: 'Department' },
    { code: 'station', zh: '派出所', en: 'Station' },
    { code: 'team', zh: '中队/警组', en: 'Team' },
  ],
})
