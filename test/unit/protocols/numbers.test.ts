import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateTextOf } from '#protocols/clock.ts'
import {
  addBlock,
  type MintedNumber,
  mintNumber,
  nextBlock,
  type NumberKind,
  type NumberState,
  parseNumberTemplate,
  type SerialBlock,
  shortNumber,
} from '#protocols/numbers.ts'

const unitCode = '000000010000'
const stateOf = (kind: NumberKind, ...blocks: SerialBlock[]): NumberState =>
  blocks.reduce(addBlock, { kind, blocks: [], lastDate: '', lastSerial: 0 } as NumberState)
const mint = (state: NumberState, dateText: string): MintedNumber => {
  const minted = mintNumber(state, { unitCode, kind: state.kind, dateText })
  if (!minted.ok) throw new Error(minted.code)
  return minted
}
/** Mints one number for each date and gives them back in order. */
const mintAll = (state: NumberState, dates: readonly string[]): string[] => {
  let current = state
  return dates.map((date) => {
    const minted = mint(current, date)
    current = minted.state
    return minted.number
  })
}

describe('minting', () => {
  it.each([
    ['incident', '000000010000202611210007', '261121-0007'],
    ['visit', '000000010000V202611210007', 'V261121-0007'],
    ['event', '000000010000E202611210007', 'E261121-0007'],
    ['task', '000000010000T202611210007', 'T261121-0007'],
    ['file', '000000010000D202611210007', 'D261121-0007'],
  ] as const)('the first number of an %s is %s and is shown as %s', (kind, number, short) => {
    expect(mint(stateOf(kind, { from: 7, to: 9 }), '2026-11-21').number).toBe(number)
    expect(shortNumber(number)).toBe(short)
  })

  it('serials begin anew with a later date', () => {
    const dates = ['2026-12-31', '2026-12-31', '2027-01-01']
    expect(mintAll(stateOf('visit', { from: 1, to: 5 }), dates).map((number) => shortNumber(number))).toEqual([
      'V261231-0001',
      'V261231-0002',
      'V270101-0001',
    ])
  })

  it('[test T7] new year, and a clock set back, produce no number twice', () => {
    const dates = ['2026-12-31', '2027-01-01', '2026-12-31', '2026-12-31', '2027-01-01', '2027-01-02']
    expect(mintAll(stateOf('incident', { from: 1, to: 9 }), dates).map((number) => shortNumber(number))).toEqual([
      '261231-0001',
      '270101-0001',
      '270101-0002',
      '270101-0003',
      '270101-0004',
      '270102-0001',
    ])
  })

  it('a device whose serials are used up for a date refuses, and goes on with the next date or block', () => {
    const { state } = mint(stateOf('visit', { from: 5, to: 5 }), '2026-11-21')
    const request = { unitCode, kind: 'visit', dateText: '2026-11-21' } as const
    expect(mintNumber(state, request)).toEqual({
      ok: false,
      code: 'numbers/used-up',
      detail: { kind: 'visit', date: '2026-11-21' },
    })
    expect(mint(addBlock(state, { from: 8, to: 9 }), '2026-11-21').number).toMatch(/0008$/)
    expect(mint(state, '2026-11-22').number).toMatch(/0005$/)
  })

  it('a lower block granted late waits for the next date', () => {
    const { state } = mint(stateOf('visit', { from: 50, to: 50 }), '2026-11-21')
    const more = addBlock(state, { from: 1, to: 9 })
    expect(mintNumber(more, { unitCode, kind: 'visit', dateText: '2026-11-21' }).ok).toBe(false)
    expect(mint(more, '2026-11-22').number).toMatch(/0001$/)
  })

  it('a block nearly used up warns before it is', () => {
    let state = stateOf('task', { from: 1, to: 10 })
    const seen: [number, boolean][] = []
    for (let i = 0; i < 10; i++) {
      const minted = mint(state, '2026-11-21')
      state = minted.state
      seen.push([minted.left, minted.low])
    }
    expect(seen.filter(([, low]) => low).map(([left]) => left)).toEqual([1, 0])
  })

  it('a device without any block refuses', () => {
    expect(mintNumber(stateOf('task'), { unitCode, kind: 'task', dateText: '2026-11-21' }).ok).toBe(false)
  })

  it.each([
    ['a unit code of eleven digits', { unitCode: '00000001000', kind: 'visit', dateText: '2026-11-21' }],
    ['a date that does not exist', { unitCode, kind: 'visit', dateText: '2026-02-29' }],
    ['the blocks of another kind', { unitCode, kind: 'task', dateText: '2026-11-21' }],
  ] as const)('%s stops the minting', (_what, request) => {
    expect(() => mintNumber(stateOf('visit', { from: 1, to: 9 }), request)).toThrow('assertion failed')
  })
})

describe('blocks', () => {
  it('two blocks of one device never overlap', () => {
    const state = stateOf('visit', { from: 10, to: 19 })
    for (const block of [
      { from: 19, to: 25 },
      { from: 1, to: 10 },
      { from: 12, to: 13 },
      { from: 1, to: 99 },
      { from: 0, to: 3 },
      { from: 5, to: 4 },
    ])
      expect(() => addBlock(state, block)).toThrow('assertion failed')
  })

  it('the next block is the lowest that is free', () => {
    expect(nextBlock([], 100)).toEqual({ from: 1, to: 100 })
    expect(nextBlock([{ from: 1, to: 100 }], 100)).toEqual({ from: 101, to: 200 })
    expect(
      nextBlock(
        [
          { from: 201, to: 300 },
          { from: 1, to: 100 },
        ],
        100,
      ),
    ).toEqual({ from: 101, to: 200 })
    expect(
      nextBlock(
        [
          { from: 150, to: 300 },
          { from: 1, to: 100 },
        ],
        100,
      ),
    ).toEqual({ from: 301, to: 400 })
    expect(nextBlock([{ from: 1, to: 9950 }], 100)).toBeNull()
    expect(nextBlock([{ from: 1, to: 9950 }], 100, '{unit12}{letter}{yyyyMMdd}{serial5}')).toEqual({
      from: 9951,
      to: 10_050,
    })
  })

  it('granted blocks never overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 40 }), (sizes) => {
        const granted: SerialBlock[] = []
        for (const size of sizes) {
          const block = nextBlock(granted, size)
          if (!block) continue
          expect(block.to - block.from + 1).toBe(size)
          expect(granted.some((other) => other.from <= block.to && block.from <= other.to)).toBe(false)
          granted.push(block)
        }
      }),
    )
  })
})

describe('no number is ever given twice', () => {
  const dates = fc
    .integer({ min: Date.UTC(2026, 10, 18), max: Date.UTC(2027, 0, 3) })
    .map((timeMs) => dateTextOf(timeMs))
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ act: fc.constant('mint' as const), device: fc.nat(2), date: dates }) },
    {
      weight: 1,
      arbitrary: fc.record({
        act: fc.constant('grant' as const),
        device: fc.nat(2),
        size: fc.integer({ min: 1, max: 30 }),
      }),
    },
  )

  it('over three devices of one unit with disjoint ranges and jumping clocks, and each pair (date, serial) grows', () => {
    let mintedInAll = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 60, maxLength: 200 }), (steps) => {
        const granted: SerialBlock[] = [1, 2, 3].map((n) => ({ from: n * 10, to: n * 10 + 9 }))
        const devices = granted.map((block) => stateOf('visit', block))
        const numbers = new Set<string>()
        for (const each of steps) {
          const state = devices[each.device]!
          if (each.act === 'grant') {
            const block = nextBlock(granted, each.size)!
            granted.push(block)
            devices[each.device] = addBlock(state, block)
            continue
          }
          const minted = mintNumber(state, { unitCode, kind: 'visit', dateText: each.date })
          if (!minted.ok) continue
          mintedInAll++
          expect(numbers.has(minted.number)).toBe(false)
          numbers.add(minted.number)
          const pair = (some: NumberState) => `${some.lastDate}/${String(some.lastSerial).padStart(4, '0')}`
          expect(pair(minted.state) > pair(state)).toBe(true)
          expect(
            state.blocks.some((block) => block.from <= minted.state.lastSerial && minted.state.lastSerial <= block.to),
          ).toBe(true)
          devices[each.device] = minted.state
        }
      }),
    )
    expect(mintedInAll).toBeGreaterThan(2000)
  })

  it('nor over two kinds or two units with the same range', () => {
    const one = { from: 1, to: 1 }
    const kinds: NumberKind[] = ['incident', 'visit', 'event', 'task', 'file']
    const numbers = kinds.flatMap((kind) =>
      ['000000010000', '000000020000'].map((code) => {
        const minted = mintNumber(stateOf(kind, one), { unitCode: code, kind, dateText: '2026-11-21' })
        return minted.ok ? minted.number : ''
      }),
    )
    expect(new Set(numbers).size).toBe(10)
  })
})

describe('templates', () => {
  it.each([
    '{unit12}{letter}{yyyyMMdd}',
    '{unit12}{yyyyMMdd}{serial4}',
    '{letter}{yyyyMMdd}{serial4}',
    '{unit12}{letter}{serial4}',
    '{unit12}{letter}{yyyyMMdd}{serial4}{serial5}',
    '{unit12}{letter}{yyyyMMdd}{serial2}',
    '{unit12}{letter}{yyyyMMdd}{yyMMdd}{serial4}',
    '{unit12}{letter}{yyyyMMdd}{serial4}{x}',
    '{unit12}{letter}{yyyyMMdd}{serial4}.',
    '{unit12}{letter}{yyyyMMdd}{serial4',
    '',
  ])('%j is refused', (template) => {
    expect(() => parseNumberTemplate(template)).toThrow('assertion failed')
  })

  it('what a template prints it reads back', () => {
    const parts = fc.record({
      unitCode: fc.stringMatching(/^[0-9]{12}$/),
      kind: fc.constantFrom<NumberKind>('incident', 'visit', 'event', 'task', 'file'),
      dateText: fc
        .integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 30) })
        .map((timeMs) => dateTextOf(timeMs)),
      serial: fc.integer({ min: 1, max: 9999 }),
    })
    const templates = fc.constantFrom(
      '{unit12}{letter}{yyyyMMdd}{serial4}',
      '{letter}-{unit12}-{yyMMdd}-{serial6}',
      'JQ{yyMMdd}{unit12}{letter}{serial4}',
    )
    fc.assert(
      fc.property(parts, templates, (some, template) => {
        const form = parseNumberTemplate(template)
        expect(form.read(form.print(some))).toEqual(some)
      }),
    )
  })

  it('a number of another form is shown as it is', () => {
    for (const number of [
      '',
      'A1',
      '110105260101123456',
      '00000001000020261309 0042',
      '000000010000X202611090042',
      '000000010000202613090042',
    ])
      expect(shortNumber(number)).toBe(number)
  })
})

describe('the day at the station', () => {
  it('begins at midnight in China, not in Greenwich', () => {
    expect(dateTextOf(Date.UTC(2026, 10, 21, 15, 59, 59, 999))).toBe('2026-11-21')
    expect(dateTextOf(Date.UTC(2026, 10, 21, 16))).toBe('2026-11-22')
  })
})
