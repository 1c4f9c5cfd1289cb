import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ready } from '#crypto/sodium'
import { expect, test } from 'vitest'
import { vectorFiles } from '../../vectors/crypto/cases.ts'
import { writtenForm } from '../../vectors/crypto/make.ts'
import { runVectors, type Verdict, vectorNames, vectorUrl } from './vector-runner.ts'

await ready

const runnerPath = fileURLToPath(new URL('./vector-runner.ts', import.meta.url))

/** The same runner in a process of its own, so that Node resolves `#crypto/sodium` as a browser would, or cannot load add-ons. */
const runUnder = async (...flags: string[]): Promise<Verdict> => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, runnerPath])
  return JSON.parse(stdout) as Verdict
}

test('the vector files are what the independent twin computes', () => {
  const computed = vectorFiles()
  expect(Object.keys(computed)).toEqual(vectorNames)
  for (const name of vectorNames)
    expect(readFileSync(vectorUrl(name), 'utf8'), name).toBe(
      writtenForm(computed[name] as { about: string; cases: [] }),
    )
}, 30_000)

test('every vector holds on the native back-end', () => {
  const verdict = runVectors()
  expect(verdict.differences).toEqual([])
  expect(verdict.backEnd).toBe('native')
  expect(verdict.checked).toBeGreaterThan(150)
  expect(verdict.mustFail).toBeGreaterThan(90)
})

test('every vector holds on the WASM back-end, resolved as in a browser', async () => {
  const verdict = await runUnder('--conditions=browser')
  expect(verdict).toEqual({ ...runVectors(), backEnd: 'wasm' })
}, 30_000)

test('where the native add-on cannot load, Node falls back to WASM and every vector holds', async () => {
  const verdict = await runUnder('--no-addons')
  expect(verdict).toEqual({ ...runVectors(), backEnd: 'wasm' })
}, 30_000)
