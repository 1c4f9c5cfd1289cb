/** Shape of a text catalogue: nested words by key. zh-CN is written first and gives the keys; en must have the same ones. */
import type { Locale } from '#protocols/text/text.ts'

export interface Texts {
  readonly [key: string]: string | Texts
}

/** The keys of T with any words: a catalogue of the second language is declared with it, so that a missing key does not compile. */
export type SameKeys<T> = { readonly [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> }

export type Catalogues = Readonly<Record<Locale, Texts>>

/** Dotted keys of a catalogue in order: 'today.title', … */
export const keysOf = (texts: Texts, prefix = ''): string[] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  )

export function textAt(texts: Texts, key: string): string | undefined {
  let found: string | Texts | undefined = texts
  for (const part of key.split('.'))
    found = typeof found === 'object' && Object.hasOwn(found, part) ? found[part] : undefined
  return typeof found === 'string' ? found : undefined
}
