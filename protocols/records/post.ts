/** A duty that a person can hold: role and level in a unit. */
import { may, staff } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { code, field, integer, ref, text } from '../record/field.ts'
import { t } from '../text/text.ts'
import { registerTrack } from './register-track.ts'

export const post = defineRecord({
  type: 'post',
  version: 1,
  title: t('职务', 'Post'),
  fields: {
    name: field(text(60), { title: t('名称', 'Name'), required: true }),
    nameEn: field(text(60), { title: t('英文名称', 'English name') }),
    role: field(code('role'), { title: t('权限组', 'Role'), required: true }),
    level: field(integer(1, 9), { title: t('职务等级', 'Level'), required: true }),
    of: field(ref('unit'), { title: t('所属单位', 'Of unit'), required: true }),
  },
  home: { born: 'station', moves: true },
  tracks: { register: registerTrack([may('administrator', 'all')]) },
  access: {
    read: staff(),
    create: [may('administrator', 'all'), may('gateway', 'all')],
    update: { name: [may('administrator', 'all')], nameEn: [may('administrator', 'all')], level: [may('administrator', 'all')] },
  },
  label: 'internal',
  replica: { handheld: { scope: 'all', keepDays: 3650 }, desk: { scope: 'all', keepDays: 3650 } },
  retention: { from: 'updated', keepDays: 36500, then: 'keep' },
  views: { list: ['name', 'role', 'level'], form: ['name', 'nameEn', 'role', 'level', 'of'] },
})
