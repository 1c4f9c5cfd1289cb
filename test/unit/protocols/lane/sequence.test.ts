import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import {
  acceptEpoch,
  emptyLedger,
  type EpochClaim,
  frozenBy,
  headOf,
  isImported,
  judgeEpoch,
  judgePlace,
  type LaneLedger,
  missingOf,
  noteImported,
  type Placed,
} from '#protocols/lane/sequence.ts'

/** A bundle of the model: its place, and for an EPOCH bundle its claim. */
type Bundle = { placed: Placed; claim: EpochClaim | null }
const zero = '0'.repeat(64)
const hashOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(64, 'f').slice(0, 64)
const epochOf = (counter: number, random = 1): string =>
  counter.toString(16).padStart(8, '0') + random.toString(16).padStart(8, '0')

const data = (epoch: string, seq: number, prevHash: string, more: Partial<Placed> = {}): Bundle => ({
  placed: {
    epoch,
    seq,
    prevHash,
    bundleHash: hashOf(`${epoch}/${seq}`),
    isLastOfEpoch: false,
    isEpochBundle: false,
    ...more,
  },
  claim: null,
})
const begin = (
  epoch: string,
  before: { epoch: string; seq: number; hash: string } | null,
  more: Partial<Placed> = {},
): Bundle => ({
  placed: {
    epoch,
    seq: 1,
    prevHash: before?.hash ?? zero,
    bundleHash: hashOf(`${epoch}/1`),
    isLastOfEpoch: false,
    isEpochBundle: true,
    ...more,
  },
  claim: { previousEpoch: before?.epoch ?? '0'.repeat(16), headSeq: before?.seq ?? 0, headHash: before?.hash ?? zero },
})
/** An epoch of `count` bundles behind `before`. */
function epochRun(
  epoch: string,
  count: number,
  before: { epoch: string; seq: number; hash: string } | null = null,
): Bundle[] {
  const run = [begin(epoch, before)]
  for (let seq = 2; seq <= count; seq++) run.push(data(epoch, seq, (run.at(-1) as Bundle).placed.bundleHash))
  return run
}
const headFrom = (run: readonly Bundle[]) => {
  const { epoch, seq, bundleHash } = (run.at(-1) as Bundle).placed
  return { epoch, seq, hash: bundleHash }
}

function createModel(start: LaneLedger = emptyLedger) {
  let ledger = start
  const rows = new Map<string, Placed>()
  const importedAt = (epoch: string, seq: number) => rows.get(`${epoch}/${seq}`)
  return {
    ledger: () => ledger,
    accept: (epoch: string) => {
      ledger = acceptEpoch(ledger, epoch)
    },
    take({ placed, claim }: Bundle): string {
      try {
        if (judgePlace(ledger, importedAt, placed) === 'duplicate') return 'duplicate'
        if (claim) judgeEpoch(ledger, importedAt, placed, claim)
        rows.set(`${placed.epoch}/${placed.seq}`, placed)
        ledger = noteImported(ledger, placed, claim)
        return 'new'
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        ledger = frozenBy(ledger, error)
        return error.code === 'lane/fork' ? `fork: ${String(error.detail['reason'])}` : error.code
      }
    },
  }
}
const one = epochOf(1)
const two = epochOf(2)

describe('the imported set', () => {
  it('a lane begins with its first EPOCH bundle; what comes before it waits', () => {
    const model = createModel()
    const run = epochRun(one, 3)
    expect(run.slice(1).map(model.take)).toEqual(['lane/epoch', 'lane/epoch'])
    expect(run.map(model.take)).toEqual(['new', 'new', 'new'])
    expect(run.map(model.take)).toEqual(['duplicate', 'duplicate', 'duplicate'])
    expect(headOf(model.ledger())).toEqual({ epoch: one, seq: 3 })
    expect(headOf(emptyLedger)).toBe(null)
  })

  it('any order and any number of copies lead to the same ledger, once each', () => {
    const first = epochRun(one, 6)
    const second = epochRun(two, 5, headFrom(first))
    const all = [...first, ...second]
    const straight = createModel()
    all.map(straight.take)
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 12 }), (order) => {
        const model = createModel()
        const seen = new Set<string>()
        // What waits is offered again, as a carrier does, until nothing new is taken.
        for (let round = 0; round < 3; round++)
          for (const bundle of order) {
            const verdict = model.take(bundle)
            const name = bundle.placed.bundleHash
            expect(verdict).toBe(seen.has(name) ? 'duplicate' : verdict === 'lane/epoch' ? verdict : 'new')
            if (verdict === 'new') seen.add(name)
          }
        expect(model.ledger().fork).toBe(null)
        if (seen.size === all.length) expect(model.ledger()).toEqual(straight.ledger())
      }),
      { numRuns: 300, seed: 41 },
    )
  })

  it('the ledger survives being written down and read again', () => {
    const model = createModel()
    epochRun(one, 4).map(model.take)
    const again = createModel(JSON.parse(JSON.stringify(model.ledger())) as LaneLedger)
    expect(again.ledger()).toEqual(model.ledger())
  })
})

describe('what is missing is named', () => {
  it('gaps below the newest import', () => {
    const model = createModel()
    const run = epochRun(one, 9)
    for (const at of [0, 1, 4, 8]) model.take(run[at] as Bundle)
    expect(missingOf(model.ledger())).toEqual([
      { epoch: one, seqFrom: 3, seqTo: 4 },
      { epoch: one, seqFrom: 6, seqTo: 8 },
    ])
    expect([1, 3, 9, 10].map((seq) => isImported(model.ledger(), one, seq))).toEqual([true, false, true, false])
    expect(isImported(model.ledger(), two, 1)).toBe(false)
  })

  it('a lost tail, from the next epoch', () => {
    const model = createModel()
    const first = epochRun(one, 9)
    for (const at of [0, 1, 2]) model.take(first[at] as Bundle)
    expect(model.take(begin(two, headFrom(first)))).toBe('new')
    expect(missingOf(model.ledger())).toEqual([{ epoch: one, seqFrom: 4, seqTo: 9 }])
    expect(first.slice(3).map(model.take)).toEqual(Array(6).fill('new'))
    expect(missingOf(model.ledger())).toEqual([])
  })

  it('nothing when all is there', () => {
    const model = createModel()
    epochRun(one, 9).map(model.take)
    expect(missingOf(model.ledger())).toEqual([])
  })

  it('a whole epoch that only its successor names, once an operator went on without it', () => {
    const model = createModel()
    const first = epochRun(one, 2)
    first.map(model.take)
    const lost = epochRun(two, 4, headFrom(first))
    const third = begin(epochOf(3), headFrom(lost))
    expect(model.take(third)).toBe('lane/epoch')
    model.accept(epochOf(3))
    expect(model.take(third)).toBe('new')
    expect(missingOf(model.ledger())).toEqual([{ epoch: two, seqFrom: 1, seqTo: 4 }])
  })
})

describe('a fork freezes the lane', () => {
  const first = epochRun(one, 4)
  const other = hashOf('another story')
  const forks: [string, string, (model: ReturnType<typeof createModel>) => string][] = [
    [
      'two hashes in one place',
      'two-hashes',
      (model) => model.take(data(one, 3, (first[1] as Bundle).placed.bundleHash, { bundleHash: other })),
    ],
    ['a hash of the bundle before unlike it', 'prev-hash', (model) => model.take(data(one, 5, other))],
    [
      'a bundle before unlike what its successor says',
      'prev-hash',
      (model) => {
        model.take(data(one, 9, hashOf('eight')))
        return model.take(data(one, 8, hashOf('seven'), { bundleHash: other }))
      },
    ],
    ['two random parts under one counter', 'two-randoms', (model) => model.take(begin(epochOf(1, 2), null))],
    ['data of an epoch with a used counter', 'two-randoms', (model) => model.take(data(epochOf(1, 2), 5, other))],
    [
      'an epoch counter that went back',
      'counter-back',
      (model) => {
        model.take(begin(epochOf(5), headFrom(first)))
        return model.take(begin(epochOf(3), headFrom(first)))
      },
    ],
    ['an EPOCH bundle with a lower head', 'head-lower', (model) => model.take(begin(two, headFrom(first.slice(0, 2))))],
    [
      'an EPOCH bundle with another head',
      'head-other',
      (model) => model.take(begin(two, { epoch: one, seq: 4, hash: other })),
    ],
    ['an EPOCH bundle that knows nothing of what was', 'head-lower', (model) => model.take(begin(two, null))],
    [
      'an EPOCH bundle behind an older epoch',
      'head-lower',
      (model) => {
        model.take(begin(two, headFrom(first)))
        return model.take(begin(epochOf(3), headFrom(first)))
      },
    ],
    [
      'an EPOCH bundle behind an epoch that never was',
      'head-other',
      (model) => {
        model.take(begin(two, headFrom(first)))
        return model.take(begin(epochOf(3), { epoch: epochOf(1, 7), seq: 2, hash: other }))
      },
    ],
    [
      'a bundle behind the named head',
      'after-end',
      (model) => {
        model.take(begin(two, headFrom(first)))
        return model.take(data(one, 5, (first[3] as Bundle).placed.bundleHash))
      },
    ],
    [
      'a bundle behind the one marked last',
      'after-end',
      (model) => {
        model.take(data(one, 5, (first[3] as Bundle).placed.bundleHash, { isLastOfEpoch: true }))
        return model.take(data(one, 6, hashOf(`${one}/5`)))
      },
    ],
    [
      'a mark of the last below what was seen',
      'after-end',
      (model) => {
        model.take(data(one, 9, other))
        return model.take(data(one, 7, other, { isLastOfEpoch: true }))
      },
    ],
  ]
  it.each(forks)('%s', (_, reason, run) => {
    const model = createModel()
    for (const bundle of first) expect(model.take(bundle)).toBe('new')
    expect(run(model)).toBe(`fork: ${reason}`)
    expect(model.ledger().fork).not.toBe(null)
    const next = data(one, 5, (first[3] as Bundle).placed.bundleHash, { bundleHash: hashOf('next') })
    expect(model.take(next)).toBe('fork: frozen')
    expect(model.take(first[0] as Bundle)).toBe('duplicate')
  })

  it('a head unlike the one that the next epoch named', () => {
    const model = createModel()
    for (const bundle of first.slice(0, 3)) model.take(bundle)
    model.take(begin(two, headFrom(first)))
    const verdict = model.take(data(one, 4, (first[2] as Bundle).placed.bundleHash, { bundleHash: other }))
    expect(verdict).toBe('fork: head-other')
    expect(model.ledger().fork).not.toBe(null)
  })

  it('keeps the first evidence', () => {
    const model = createModel()
    for (const bundle of first) model.take(bundle)
    model.take(data(one, 3, other, { bundleHash: other }))
    const evidence = model.ledger().fork
    model.take(data(one, 4, other, { bundleHash: hashOf('more') }))
    expect(model.ledger().fork).toBe(evidence)
    expect(evidence).toEqual({
      reason: 'two-hashes',
      epoch: one,
      seq: 3,
      bundleHash: other,
      knownHash: (first[2] as Bundle).placed.bundleHash,
    })
  })
})

describe('an operator goes on', () => {
  const first = epochRun(one, 6)
  /** A sender restored from a copy made after bundle 3: it begins the next epoch from there. */
  const restored = begin(two, headFrom(first.slice(0, 3)))
  const frozen = () => {
    const model = createModel()
    for (const bundle of first) model.take(bundle)
    expect(model.take(restored)).toBe('fork: head-lower')
    return model
  }

  it('by accepting the epoch of the restored sender', () => {
    const model = frozen()
    model.accept(two)
    expect(model.take(restored)).toBe('new')
    expect(model.take(data(two, 2, restored.placed.bundleHash))).toBe('new')
    expect(model.ledger().fork).toBe(null)
    expect(model.ledger().accepted).toBe(null)
  })

  it('and stories left behind cannot freeze the lane again, while what fits the old one is taken', () => {
    const model = createModel()
    for (const bundle of first.filter((_, at) => at !== 4)) model.take(bundle)
    model.take(restored)
    const third = begin(epochOf(3), headFrom(first))
    model.accept(epochOf(3))
    expect(model.take(third)).toBe('new')
    expect(model.take(restored)).toBe('fork: left-behind')
    expect(model.take(data(one, 2, zero, { bundleHash: hashOf('forged') }))).toBe('fork: left-behind')
    expect(model.ledger().fork).toBe(null)
    expect(model.take(first[4] as Bundle)).toBe('new')
    expect(model.take(data(epochOf(3), 2, third.placed.bundleHash))).toBe('new')
  })

  it('but a new contradiction freezes it again', () => {
    const model = frozen()
    model.accept(two)
    model.take(restored)
    expect(model.take(data(two, 2, hashOf('nothing')))).toBe('fork: prev-hash')
  })
})

describe('an EPOCH bundle that contradicts itself', () => {
  it.each<[string, Bundle]>([
    [
      'a head unlike its prevHash',
      {
        ...begin(two, { epoch: one, seq: 2, hash: hashOf('a') }),
        claim: { previousEpoch: one, headSeq: 2, headHash: hashOf('b') },
      },
    ],
    [
      'a head hash without a seq',
      {
        ...begin(two, { epoch: one, seq: 2, hash: hashOf('a') }),
        claim: { previousEpoch: one, headSeq: 0, headHash: hashOf('a') },
      },
    ],
    [
      'a seq without an epoch',
      { ...begin(two, null), claim: { previousEpoch: '0'.repeat(16), headSeq: 3, headHash: zero } },
    ],
    ['a previous epoch with a higher counter', begin(one, { epoch: two, seq: 2, hash: hashOf('a') })],
  ])('%s is refused', (_, bundle) => {
    expect(createModel().take(bundle)).toBe('lane/schema')
  })
})
