import { describe, expect, it } from 'vitest'
import { addTally, isGood, noTally, tallyLine, tallyOf } from '../../run/tally.ts'

const file = (status: string, ...states: string[]) => ({
  status,
  assertionResults: states.map((state) => ({ status: state })),
})
const report = (...files: ReturnType<typeof file>[]) => JSON.stringify({ testResults: files })

describe('the count of a run', () => {
  it('is what the report says', () => {
    const text = report(file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed', 'todo'))
    expect(tallyOf(text, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 })
  })

  it('a file that could not be loaded is one failure', () => {
    expect(tallyOf(report(file('failed'), file('passed', 'passed')), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  })

  it('an end with a fault that no test owns is one failure', () => {
    expect(tallyOf(report(file('passed', 'passed')), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
    expect(tallyOf(report(file('passed', 'passed')), null)).toEqual({ passed: 1, failed: 1, skipped: 0 })
    expect(tallyOf(null, null)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('a run without a test is not good', () => {
    expect(isGood(tallyOf(report(), 0))).toBe(false)
    expect(isGood(tallyOf(report(file('passed', 'skipped')), 0))).toBe(false)
    expect(isGood(tallyOf(report(file('passed', 'passed')), 0))).toBe(true)
  })

  it('is told in one line, what was left out only when something was', () => {
    expect(tallyLine(addTally(noTally, { passed: 3, failed: 0, skipped: 0 }))).toBe('3 passed, 0 failed')
    expect(tallyLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
  })
})
