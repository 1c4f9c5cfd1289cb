import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ready } from '#crypto/sodium'
import { expect, it } from 'vitest'
import { laneVectors } from '../../../vectors/lane/cases.ts'
import { vectorUrl, writtenForm } from '../../../vectors/lane/make.ts'
import { runVectors, type Verdict } from './vector-runner.ts'

await ready

/** Every code of the verify order. */
const codes = [
  'crypto/cannot-open',
  'lane/approval',
  'lane/bundle-forged',
  'lane/cap',
  'lane/content-form',
  'lane/content-size',
  'lane/entry-forged',
  'lane/epoch',
  'lane/expired',
  'lane/fork',
  'lane/header',
  'lane/length',
  'lane/policy',
  'lane/recipient',
  'lane/schema',
  'lane/second-check',
  'lane/sender-key',
  'lane/unknown',
  'lane/unsupported',
  'lane/withheld',
]

it('the vectors are what the independent twin makes', () => {
  expect(writtenForm(laneVectors()) === readFileSync(vectorUrl, 'utf8')).toBe(true)
})

it('every vector holds on the native back-end, and every code has one that must fail', () => {
  const verdict = runVectors()
  expect(verdict.differences).toEqual([])
  expect(verdict.codes).toEqual(codes)
  expect(verdict.backEnd).toBe('native')
  expect(verdict.passed).toBeGreaterThanOrEqual(14)
  expect(verdict.mustFail).toBeGreaterThanOrEqual(133)
})

it('every vector holds on the WASM back-end, resolved as in a browser', async () => {
  const runner = fileURLToPath(new URL('./vector-runner.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=browser', runner])
  expect(JSON.parse(stdout) as Verdict).toEqual({ ...runVectors(), backEnd: 'wasm' })
}, 30_000)
