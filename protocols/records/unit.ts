/** A node of the tree bureau -> department or station -> team. Its code is text: a parent is never read from a prefix. */
import { may, staff } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { code, field, ref, text } from '../record/field.ts'
import { t } from '../text/text.ts'
import { registerTrack } from './register-track.ts'

export const unit = defineRecord({
  type: 'unit',
  version: 1,
  title: t('单位', 'Unit'),
  fields: {
    code: field(text(12), { title: t('单位代码', 'Unit code'), required: true }),
    name: field(text(80), { title: t('名称', 'Name'), required: true, reach: 'open' }),
    nameEn: field(text(80), { title: t('英文名称', 'English name') }),
    kind: field(code('unit-kind'), { title: t('类别', 'Kind'), required: true }),
    parent: field(ref('unit'), { title: t('上级单位', 'Parent') }),
  },
  home: { born: 'station', moves: true },
  tracks: { register: registerTrack([may('administrator', 'all')]) },
  access: {
    read: [...staff(), may('kiosk', 'all')],
    create: [may('administrator', 'all'), may('gateway', 'all')],
    update: {
      name: [may('administrator', 'all')],
      nameEn: [may('administrator', 'all')],
      kind: [may('administrator', 'all')],
      parent: [may('administrator', 'all')],
    },
  },
  label: 'internal',
  replica: { handheld: { scope: 'all', keepDays: 3650 }, desk: { scope: 'all', keepDays: 3650 } },
  retention: { from: 'updated', keepDays: 36500, then: 'keep' },
  views: { list: ['code', 'name', 'kind'], form: ['code', 'name', 'nameEn', 'kind', 'parent'] },
})
