/** A person who works here. Holds no secret: the check value of the PIN stands in the gateway's own table. */
import { may, staff } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { field, refs, text } from '../record/field.ts'
import { t } from '../text/text.ts'

export const account = defineRecord({
  type: 'account',
  version: 1,
  title: t('人员账号', 'Account'),
  fields: {
    name: field(text(40), { title: t('姓名', 'Name'), required: true }),
    policeNumber: field(text(12), { title: t('警号', 'Police number'), required: true }),
    posts: field(refs('post'), { title: t('职务', 'Posts') }),
  },
  home: { born: 'station', moves: true },
  tracks: {
    account: {
      title: t('账号', 'Account'),
      states: ['active', 'disabled', 'deleted'],
      initial: 'active',
      final: ['deleted'],
      words: { active: t('在用', 'Active'), disabled: t('停用', 'Disabled'), deleted: t('已删除', 'Deleted') },
      transitions: {
        disable: { title: t('停用', 'Disable'), from: ['active'], to: 'disabled', by: [may('administrator', 'all')] },
        enable: { title: t('启用', 'Enable'), from: ['disabled'], to: 'active', by: [may('administrator', 'all')] },
        remove: { title: t('删除', 'Delete'), from: ['active', 'disabled'], to: 'deleted', by: [may('administrator', 'all')] },
      },
    },
  },
  access: {
    read: staff(),
    create: [may('administrator', 'all'), may('gateway', 'all')],
    update: {
      name: [may('administrator', 'all')],
      policeNumber: [may('administrator', 'all')],
      posts: [may('administrator', 'all')],
    },
  },
  label: 'internal',
  replica: { handheld: { scope: 'all', keepDays: 3650 }, desk: { scope: 'all', keepDays: 3650 } },
  retention: { from: 'updated', keepDays: 36500, then: 'keep' },
  views: { list: ['name', 'policeNumber'], form: ['name', 'policeNumber', 'posts'] },
})
