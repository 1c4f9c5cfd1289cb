import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createSupervisor, type Supervisor } from '../../../../edge/tools/start/supervisor.ts'
import { createFakeClock } from '../../../fixtures/fake-clock.ts'

// Real processes come up slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Real processes, small ones; the waits of the supervisor pass by hand. */
let folder = ''
let supervisor: Supervisor
let timers: ReturnType<typeof createFakeClock>
let ended: string[] = []
const journal = () => readFileSync(join(folder, 'journal'), 'utf8').trim().split('\n')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-supervisor-'))
  writeFileSync(join(folder, 'journal'), '')
  timers = createFakeClock()
  ended = []
  supervisor = createSupervisor({
    env: process.env,
    timers,
    onEnded: (name, waitMs) => ended.push(`${name} ${waitMs}`),
  })
})
afterEach(async () => {
  const closed = supervisor.close()
  timers.advance(60_000)
  await closed
  rmSync(folder, { recursive: true, force: true })
})

/** It writes down that it began and that it was told to end. */
const body = (name: string, onTerm: string) => `
  import { appendFileSync } from 'node:fs'
  const note = (what) => appendFileSync(${JSON.stringify(join(folder, 'journal'))}, '${name} ' + what + '\\n')
  process.on('SIGTERM', () => { note('told'); ${onTerm} })
  setInterval(() => {}, 1000)
  note('began')
`
const sayReady = `process.stdout.write(JSON.stringify({ ready: true, pid: process.pid }) + '\\n')`
function spec(name: string, more: { stage?: number; script?: string } = {}) {
  const path = join(folder, `${name}.mjs`)
  writeFileSync(
    path,
    more.script ?? `${body(name, `setTimeout(() => { note('ended'); process.exit(0) }, 20)`)};${sayReady}`,
  )
  return { name, script: path, args: [], stage: more.stage ?? 0 }
}
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
async function until(what: () => boolean) {
  while (!what()) await wait(10)
}

it('gives the fields of the ready line and the numbers of its processes', async () => {
  const said = await supervisor.run(spec('a'))
  expect(supervisor.pids()).toEqual({ a: said['pid'] })
})

it('stops the last stage first, each stage whole before the next', async () => {
  await Promise.all([
    supervisor.run(spec('low', { stage: 0 })),
    supervisor.run(spec('high', { stage: 1 })),
    supervisor.run(spec('high2', { stage: 1 })),
  ])
  const pids = Object.values(supervisor.pids())
  await supervisor.close()
  const seen = journal().filter((line) => !line.endsWith('began'))
  expect(seen.slice(0, 4).sort()).toEqual(['high ended', 'high told', 'high2 ended', 'high2 told'])
  expect(seen.slice(4)).toEqual(['low told', 'low ended'])
  expect(pids.filter(isAlive)).toEqual([])
})

it('kills whoever does not end in its time, and both stages are gone before 15 s have passed', async () => {
  const deaf = (name: string, stage: number) => spec(name, { stage, script: `${body(name, '')};${sayReady}` })
  await Promise.all([supervisor.run(deaf('low', 0)), supervisor.run(deaf('high', 1))])
  const pids = Object.values(supervisor.pids())
  const closed = supervisor.close()
  for (const name of ['high', 'low']) {
    await until(() => journal().includes(`${name} told`))
    timers.advance(7400)
  }
  await closed
  expect(pids.filter(isAlive)).toEqual([])
})

it('starts one again that ended by itself, later each time it fails to come up', async () => {
  const { pid } = await supervisor.run(spec('a'))
  process.kill(pid as number, 'SIGKILL')
  await until(() => ended.length === 1)
  // From now on it ends before it is ready.
  spec('a', { script: 'process.exit(3)' })
  for (const waitMs of [500, 1000, 2000]) {
    expect(ended.at(-1)).toBe(`a ${waitMs}`)
    const count = ended.length
    await timers.advanceAsync(waitMs)
    await until(() => ended.length > count)
  }
  spec('a')
  await timers.advanceAsync(5000)
  await until(() => journal().filter((line) => line === 'a began').length === 2)
  expect(supervisor.pids()['a']).not.toBe(pid)
})

it('a process that says why it cannot start gives that code', async () => {
  const script = `process.stdout.write(JSON.stringify({ ready: false, code: 'process/port-in-use', detail: { port: 7 } }) + '\\n')`
  await expect(supervisor.run(spec('a', { script }))).rejects.toMatchObject({
    code: 'process/port-in-use',
    detail: { process: 'a', port: 7 },
  })
})

it('a process that ends without a word is named, with what it said last', async () => {
  const fault = await supervisor
    .run(spec('a', { script: `console.error('it rains'); process.exit(4)` }))
    .catch((cause) => cause)
  expect(fault).toMatchObject({ code: 'process/not-started', detail: { process: 'a', exit: 4 } })
  expect(fault.cause.message).toContain('it rains')
})

it('a process that says nothing is given up after a minute', async () => {
  const running = supervisor.run(spec('a', { script: body('a', '') })).catch((cause) => cause)
  await until(() => journal().includes('a began'))
  timers.advance(60_000)
  expect(await running).toMatchObject({ code: 'process/not-started', detail: { process: 'a', reason: 'time' } })
})

it('starts nothing once it closes', async () => {
  await supervisor.run(spec('a'))
  await supervisor.close()
  await expect(supervisor.run(spec('b'))).rejects.toMatchObject({ code: 'process/not-started' })
  expect(journal().some((line) => line.startsWith('b'))).toBe(false)
})
