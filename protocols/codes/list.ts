/** What a shipped code list is. Lists are data that a station may replace by a later edition (record type code-list); a code once given
 *  out is never used for a second meaning, it can only be retired. */
import type { Text } from '../text/text.ts'

export interface CodeRow extends Text {
  /** What records carry. */
  readonly code: string
  /** No longer offered, still shown where a record carries it. */
  readonly retired?: true
}

export interface CodeList<Row extends CodeRow = CodeRow> {
  readonly key: string
  readonly edition: number
  readonly title: Text
  readonly rows: readonly Row[]
}

/** Takes a list as it is or throws: an empty list, a code twice, a code of another form or a word missing never starts. */
export function defineCodes<Row extends CodeRow>(list: CodeList<Row>): CodeList<Row> {
  const codes = new Set<string>()
  for (const row of list.rows) {
    if (!/^[a-zA-Z0-9-]{1,40}$/.test(row.code)) throw new Error(`code list "${list.key}": code "${row.code}"`)
    if (codes.has(row.code)) throw new Error(`code list "${list.key}": code "${row.code}" stands twice`)
    if (!row.zh || !row.en) throw new Error(`code list "${list.key}": code "${row.code}" has no words in a language`)
    codes.add(row.code)
  }
  if (codes.size === 0) throw new Error(`code list "${list.key}" is empty`)
  return list
}
