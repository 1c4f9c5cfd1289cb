/** A versioned table of codes with their words: visit reasons, document types and the like. */
import { may, staff } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { field, integer, rows, text } from '../record/field.ts'
import { t } from '../text/text.ts'

export const codeList = defineRecord({
  type: 'code-list',
  version: 1,
  title: t('代码表', 'Code list'),
  fields: {
    key: field(text(40), { title: t('代码表', 'List'), required: true }),
    edition: field(integer(1, 100_000), { title: t('版本', 'Edition'), required: true }),
    rows: field(
      rows({ code: text(40), zh: text(80), en: text(80), order: integer(0, 100_000) }),
      { title: t('条目', 'Rows') },
    ),
  },
  home: { born: 'station', moves: true },
  tracks: {
    publishing: {
      title: t('发布', 'Publishing'),
      states: ['draft', 'published', 'withdrawn'],
      initial: 'draft',
      born: ['published'],
      final: ['withdrawn'],
      words: { draft: t('草稿', 'Draft'), published: t('已发布', 'Published'), withdrawn: t('已撤回', 'Withdrawn') },
      transitions: {
        publish: { title: t('发布', 'Publish'), from: ['draft'], to: 'published', by: [may('administrator', 'all')] },
        withdraw: { title: t('撤回', 'Withdraw'), from: ['published'], to: 'withdrawn', by: [may('administrator', 'all')] },
      },
    },
  },
  access: {
    read: [...staff(), may('kiosk', 'all')],
    create: [may('administrator', 'all'), may('gateway', 'all')],
    update: { rows: [may('administrator', 'all')], edition: [may('administrator', 'all')] },
  },
  label: 'public',
  replica: { handheld: { scope: 'all', keepDays: 3650 }, desk: { scope: 'all', keepDays: 3650 } },
  retention: { from: 'updated', keepDays: 36500, then: 'keep' },
  views: { list: ['key', 'edition'], form: ['key', 'edition', 'rows'] },
})
