/** Starts the product as its user would (`npm start` on an empty folder), asks each address that its ready line names, ends it with an
 *  interrupt as Ctrl-C does, and looks whether all of it is gone. Prints what it saw; exit code 0 when all was well. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { rootFolder } from './run/child.ts'
import { addressesOf } from './run/addresses.ts'

const readyMsMax = 180_000
const answerMsMax = 15_000
const endMsMax = 15_000
const portCount = 20

const say = (line: string) => console.log(`start: ${line}`)

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** First of `portCount` neighbouring ports that nobody holds. */
async function findPorts(): Promise<number> {
  for (let base = 20_000 + (process.pid % 1000) * 25; base < 60_000; base += portCount) {
    const free = await Promise.all(Array.from({ length: portCount }, (_, at) => isFree(base + at)))
    if (free.every(Boolean)) return base
  }
  throw new Error('no free ports')
}

/** The one line of JSON on standard output; other lines are passed on. */
function readyLine(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ready line after ${readyMsMax / 1000} s`)), readyMsMax)
    const settle = (act: () => void) => {
      clearTimeout(late)
      act()
    }
    child.once('error', (cause) => settle(() => reject(cause)))
    child.once('exit', (code, signal) =>
      settle(() => reject(new Error(`it ended with ${code ?? signal} before it was ready`))),
    )
    if (!child.stdout) return settle(() => reject(new Error('it has no output')))
    createInterface(child.stdout).on('line', (line) => {
      if (!line.startsWith('{')) return say(line)
      settle(() => resolve(JSON.parse(line)))
    })
  })
}

async function ask(address: string): Promise<void> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(answerMsMax) })
  await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`${address} answers ${answer.status}`)
  say(`200 ${address}`)
}

const isGone = (group: number) => {
  try {
    process.kill(-group, 0)
    return false
  } catch {
    return true
  }
}

/** An interrupt to the whole group, as a terminal sends it; nothing of it may be left after `endMsMax`. */
async function interrupt(group: number): Promise<void> {
  process.kill(-group, 'SIGINT')
  for (let waitedMs = 0; waitedMs < endMsMax; waitedMs += 100) {
    if (isGone(group)) return say('it ended')
    await wait(100)
  }
  throw new Error(`it still runs ${endMsMax / 1000} s after the interrupt`)
}

async function main(): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'outpost-start-'))
  const ports = await findPorts()
  const args = ['start', '--', '--data', dataFolder, '--ports', String(ports), '--fresh', '--json']
  const child = spawn('npm', args, { cwd: rootFolder, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const group = child.pid ?? 0
  try {
    const addresses = addressesOf(await readyLine(child))
    if (addresses.length === 0) throw new Error('the ready line names no address')
    for (const address of addresses) await ask(address)
    const ended = new Promise<number | null>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal === 'SIGINT' ? 0 : code)),
    )
    await interrupt(group)
    const code = await ended
    if (code !== 0 && code !== 130) throw new Error(`it ended with ${code}`)
  } finally {
    if (group > 0 && !isGone(group)) process.kill(-group, 'SIGKILL')
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

main().catch((fault: unknown) => {
  say(fault instanceof Error ? fault.message : String(fault))
  process.exitCode = 1
})
