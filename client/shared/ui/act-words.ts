/** One own act in words: the transition's title, or which fields were changed. */
import { recordDefs } from '#protocols/records/index.ts'
import type { Words } from '../i18n/words.ts'

export interface Act {
  readonly type: string
  readonly kind: string
  readonly fields: readonly string[]
}

export function actWords(act: Act, words: Words): string {
  if (act.kind.startsWith('do:')) return words.transition(act.type, act.kind.slice(3))
  if (act.kind === 'create') return words.t('change.create')
  const fields = act.fields.map((name) => words.field(act.type, name)).join(', ')
  return words.t(act.fields.every((name) => isList(act.type, name)) ? 'change.added' : 'change.update', { fields })
}

const listMerges = ['append', 'rows', 'union']
const isList = (type: string, field: string): boolean =>
  listMerges.includes(recordDefs.get(type)?.allFields[field]?.merge ?? '')
