/** Where things stand in machine-readable lines: ICAO Doc 9303 part 4 (TD3), 5 (TD1), 6 (TD2), 7 (MRV-A, MRV-B), as data.
 *  Columns are counted from 1 and inclusive, as the standard prints them. */

export type MrzFormat = 'TD1' | 'TD2' | 'TD3' | 'MRV-A' | 'MRV-B'

/** [line from 0, first column from 1, last column inclusive] */
export type MrzSpan = readonly [line: number, first: number, last: number]

export interface MrzLayout {
  readonly lineCount: 2 | 3
  readonly width: 30 | 36 | 44
  readonly names: MrzSpan
  readonly number: MrzSpan
  readonly numberCheck: MrzSpan
  /** Where a number of more than nine characters goes on; null where the standard has no such rule. */
  readonly numberRest: MrzSpan | null
  readonly nationality: MrzSpan
  readonly birth: MrzSpan
  readonly birthCheck: MrzSpan
  readonly sex: MrzSpan
  readonly expiry: MrzSpan
  readonly expiryCheck: MrzSpan
  readonly personal: { readonly over: MrzSpan; readonly digit: MrzSpan } | null
  readonly composite: { readonly over: readonly MrzSpan[]; readonly digit: MrzSpan } | null
}

/** Line 2 of all formats with two lines begins alike. */
const secondLine = {
  lineCount: 2,
  number: [1, 1, 9],
  numberCheck: [1, 10, 10],
  nationality: [1, 11, 13],
  birth: [1, 14, 19],
  birthCheck: [1, 20, 20],
  sex: [1, 21, 21],
  expiry: [1, 22, 27],
  expiryCheck: [1, 28, 28],
} as const

export const mrzLayouts: Readonly<Record<MrzFormat, MrzLayout>> = {
  TD1: {
    lineCount: 3,
    width: 30,
    names: [2, 1, 30],
    number: [0, 6, 14],
    numberCheck: [0, 15, 15],
    numberRest: [0, 16, 30],
    nationality: [1, 16, 18],
    birth: [1, 1, 6],
    birthCheck: [1, 7, 7],
    sex: [1, 8, 8],
    expiry: [1, 9, 14],
    expiryCheck: [1, 15, 15],
    personal: null,
    composite: {
      over: [
        [0, 6, 30],
        [1, 1, 7],
        [1, 9, 15],
        [1, 19, 29],
      ],
      digit: [1, 30, 30],
    },
  },
  TD2: {
    ...secondLine,
    width: 36,
    names: [0, 6, 36],
    numberRest: [1, 29, 35],
    personal: null,
    composite: {
      over: [
        [1, 1, 10],
        [1, 14, 20],
        [1, 22, 35],
      ],
      digit: [1, 36, 36],
    },
  },
  TD3: {
    ...secondLine,
    width: 44,
    names: [0, 6, 44],
    numberRest: null,
    personal: { over: [1, 29, 42], digit: [1, 43, 43] },
    composite: {
      over: [
        [1, 1, 10],
        [1, 14, 20],
        [1, 22, 43],
      ],
      digit: [1, 44, 44],
    },
  },
  'MRV-A': { ...secondLine, width: 44, names: [0, 6, 44], numberRest: null, personal: null, composite: null },
  'MRV-B': { ...secondLine, width: 36, names: [0, 6, 36], numberRest: null, personal: null, composite: null },
}

/** Visas have the size of TD3 and TD2 and are told apart by their first letter. */
export function mrzFormatOf(lines: readonly string[]): MrzFormat | null {
  const widths = new Set(lines.map((line) => line.length))
  const width = [...widths][0]
  if (widths.size !== 1) return null
  if (lines.length === 3 && width === 30) return 'TD1'
  if (lines.length !== 2) return null
  const isVisa = lines[0]?.startsWith('V')
  if (width === 44) return isVisa ? 'MRV-A' : 'TD3'
  if (width === 36) return isVisa ? 'MRV-B' : 'TD2'
  return null
}
