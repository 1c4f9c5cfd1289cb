import { describe, expect, it } from 'vitest'
import { ready } from '#crypto/sodium'
import { runFuzz, targets } from './run.ts'

await ready
describe('every parser answers any bytes with a value or a Fault', () => {
  it.each(Object.keys(targets))('%s', (name) => {
    expect(runFuzz(name, 3000, 'test')).toEqual([])
  })
})
