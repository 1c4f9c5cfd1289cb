/** Runs `edge/tools/start.ts` as its user would, with small pages instead of a build, and sees to it that nothing of it stays behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const root = join(import.meta.dirname, '../../../..')
const portCount = 7
export const faces = ['kiosk', 'desk', 'handheld', 'hub-console']

export interface StartedStation {
  readonly urls: Readonly<Record<'kiosk' | 'desk' | 'handheld' | 'hub' | 'reader', string>>
  readonly people: readonly { readonly name: string; readonly policeNumber: string; readonly pin: string }[]
  readonly pids: Readonly<Record<string, number>>
  readonly firstTicket?: string
  readonly ca?: string
  readonly spki?: string
  readonly trust?: string
}

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** mktemp -d: 0700, so that everything runs below a folder closed to others. */
export function makeTop() {
  const top = mkdtempSync(join(tmpdir(), 'outpost-start-'))
  for (const face of faces) {
    mkdirSync(join(top, 'pages', face), { recursive: true })
    writeFileSync(join(top, 'pages', face, 'index.html'), `<!doctype html><title>${face}</title>`)
  }
  return {
    top,
    pages: join(top, 'pages'),
    data: join(top, 'data'),
    remove: () => rmSync(top, { recursive: true, force: true }),
  }
}
export type Top = ReturnType<typeof makeTop>

export interface Start {
  readonly pid: number
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** The first line of standard output that begins so. Rejects when it ends before. */
  line(begin: string): Promise<string>
}

export function launch(args: readonly string[]): Start {
  const child = spawn(process.execPath, [join(root, 'edge/tools/start.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stderr.on('data', (bytes) => {
    err += String(bytes)
  })
  child.stdout.on('data', (bytes) => {
    out += String(bytes)
  })
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
  return {
    pid: child.pid ?? 0,
    child,
    ended,
    line: (begin) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = out
            .split('\n')
            .slice(0, -1)
            .find((line) => line.startsWith(begin))
          if (found !== undefined) resolve(found)
        }
        child.stdout.on('data', look)
        look()
        void ended.then(() => reject(new Error(`it ended: ${out}${err}`)))
      }),
  }
}

/** With --json, and the fields of the ready line. */
export async function startStation({ data, pages }: Top, ports: number, ...more: string[]) {
  const start = launch(['--json', '--data', data, '--pages', pages, '--ports', `${ports}`, ...more])
  return { ...start, ready: JSON.parse(await start.line('{"ready"')) as StartedStation }
}

/** First of seven neighbouring ports that nobody holds, below those the system gives out by itself. */
export async function freePorts(): Promise<number> {
  for (let base = 12_000 + (process.pid % 900) * 20; base < 32_000; base += portCount) {
    const held = await Promise.all(Array.from({ length: portCount }, (_, at) => hold(base + at).catch(() => null)))
    for (const server of held) server?.close()
    if (held.every(Boolean)) return base
  }
  throw new Error('no free ports')
}

export const hold = (port: number, host = '0.0.0.0'): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host }, () => resolve(server))
  })

/** Processes that work in a folder or were started with its path, this one not counted. */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) return []
    try {
      const state = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]?.[0]
      const isThere = state !== 'Z' && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(folder)
      return isThere || readlinkSync(`/proc/${entry}/cwd`).startsWith(folder) ? [Number(entry)] : []
    } catch {
      return []
    }
  })
}

/** How long it took until none was left; throws after msMax. */
export async function untilGone(folder: string, msMax: number): Promise<number> {
  const beganMs = performance.now()
  while (processesOf(folder).length > 0) {
    if (performance.now() - beganMs > msMax) throw new Error(`still there: ${processesOf(folder).join()}`)
    await wait(50)
  }
  return performance.now() - beganMs
}

/** Asks until there is an answer: of something that is being started again. */
export async function untilAnswer(url: string, msMax: number): Promise<Response> {
  const beganMs = performance.now()
  for (;;) {
    try {
      return await fetch(url)
    } catch (cause) {
      if (performance.now() - beganMs > msMax) throw cause
      await wait(50)
    }
  }
}
