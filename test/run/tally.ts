/** Counts from vitest's own report (its JSON reporter): what passed, what failed, what was left out. Pure. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface Report {
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

export const noTally: Tally = { passed: 0, failed: 0, skipped: 0 }
export const addTally = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

/** report: the JSON text, or null when vitest wrote none. exitCode: of vitest. A file that could not be loaded is one failure, and so is an
 *  end with a fault that no test owns (an error outside of tests, a kill). */
export function tallyOf(report: string | null, exitCode: number | null): Tally {
  const tally = (report === null ? [] : (JSON.parse(report) as Report).testResults)
    .map(tallyOfFile)
    .reduce(addTally, noTally)
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

function tallyOfFile({ status, assertionResults }: Report['testResults'][number]): Tally {
  const count = (...states: string[]) => assertionResults.filter((each) => states.includes(each.status)).length
  const failed = count('failed')
  const passed = count('passed')
  return {
    passed,
    failed: failed === 0 && status === 'failed' ? 1 : failed,
    skipped: assertionResults.length - passed - failed,
  }
}

/** The last line of a run. */
export const tallyLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/** A run without a single test proves nothing. */
export const isGood = ({ passed, failed }: Tally): boolean => failed === 0 && passed > 0
