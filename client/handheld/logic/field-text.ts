/** The value of any field as words, by its declared kind. */
import { shortNumber } from '#protocols/numbers.ts'
import { recordDefs } from '#protocols/records/index.ts'
import type { Json } from '#protocols/record/value.ts'
import { dateTimeText } from '../../shared/i18n/time.ts'
import type { Words } from '../../shared/i18n/words.ts'

/** names: accounts by id; a reference to anything else has no words here and gives ''. */
export function fieldText(
  type: string,
  field: string,
  value: Json | undefined,
  words: Words,
  names: ReadonlyMap<string, string>,
): string {
  if (value === undefined || value === null || value === '') return ''
  const kind = recordDefs.get(type)?.allFields[field]?.type
  switch (kind?.kind) {
    case 'text':
      return field === 'number' ? shortNumber(String(value)) : String(value)
    case 'time':
      return typeof value === 'number' ? dateTimeText(value) : ''
    case 'code':
      return words.code(kind.list, value)
    case 'codes':
      return listOf(value)
        .map((each) => words.code(kind.list, each))
        .join(', ')
    case 'boolean':
      return words.t(value === true ? 'records.yes' : 'records.no')
    case 'ref':
      return kind.to === 'account' ? (names.get(String(value)) ?? '') : ''
    case 'refs':
      return kind.to === 'account'
        ? listOf(value)
            .flatMap((each) => names.get(String(each)) ?? [])
            .join(', ')
        : ''
    case 'lines':
      return words.t('records.values', { n: listOf(value).length })
    case 'integer':
    case 'date':
      return String(value)
    default:
      return ''
  }
}

const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [])
