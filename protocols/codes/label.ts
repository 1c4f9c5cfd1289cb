/** Labels of records (lane.md 4): who may read and whether a record may cross. There is no state-secret grade: Outpost holds none. */
import { t } from '../text/text.ts'
import { defineCodes } from './list.ts'

export const labels = defineCodes({
  key: 'label',
  edition: 1,
  title: t('涉密标签', 'Label'),
  rows: [
    { code: 'public', zh: '公开', en: 'Public' },
    { code: 'internal', zh: '内部', en: 'Internal' },
    { code: 'restricted', zh: '敏感', en: 'Restricted' },
  ],
})
