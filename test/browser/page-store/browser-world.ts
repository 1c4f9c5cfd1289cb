/** Builds the page of these tests, serves it on an own port, and starts Chromium on a profile folder, either held by Playwright or as a process of
 *  our own that can be killed like a battery pulled out. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { build } from 'vite'
import type { Scenarios } from './worker.ts'

const here = dirname(fileURLToPath(import.meta.url))
const executablePath = '/usr/bin/chromium'
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

async function buildPage(): Promise<Map<string, string | Uint8Array>> {
  const built = await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { write: false, target: 'es2023', minify: false, rolldownOptions: { input: `${here}/index.html` } },
  })
  const outputs = (Array.isArray(built) ? built : [built]) as unknown as {
    output: ({ fileName: string } & Record<string, unknown>)[]
  }[]
  const files = new Map<string, string | Uint8Array>()
  for (const { output } of outputs)
    for (const file of output) files.set(`/${file.fileName}`, (file['code'] ?? file['source']) as string | Uint8Array)
  return files
}

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

export interface Site {
  readonly files: ReadonlyMap<string, string | Uint8Array>
  /** The page under an origin of its own, with storage of its own. */
  newOrigin(): Promise<string>
  close(): void
}

export async function servePage(): Promise<Site> {
  const files = await buildPage()
  const servers: Server[] = []
  return {
    files,
    async newOrigin() {
      const server = createServer((request, response) => {
        const path = request.url === '/' ? '/index.html' : (request.url ?? '')
        const file = files.get(path)
        response.writeHead(file ? 200 : 404, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
        response.end(file)
      })
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      return `http://127.0.0.1:${port}`
    },
    close() {
      for (const server of servers) server.close()
    },
  }
}

export const launch = (profile: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, { executablePath, args: flags })

/** A browser of our own process. `kill` is SIGKILL to it and its children. */
export async function launchKillable(profile: string): Promise<{ context: BrowserContext; kill(): Promise<void> }> {
  const args = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...flags, 'about:blank']
  const child: ChildProcess = spawn(executablePath, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  const endpoint = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stderr?.on('data', (chunk) => {
      text += chunk
      const found = /DevTools listening on (ws:\S+)/.exec(text)
      if (found) resolve(found[1] as string)
    })
    child.on('exit', () => reject(new Error(`Chromium ended: ${text.slice(-400)}`)))
  })
  const browser = await chromium.connectOverCDP(endpoint)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    context: browser.contexts()[0] as BrowserContext,
    async kill() {
      process.kill(-(child.pid as number), 'SIGKILL')
      await exited
      await browser.close().catch(() => {})
    },
  }
}

type Args<Name extends keyof Scenarios> = Parameters<Scenarios[Name]>[0]
type Answer<Name extends keyof Scenarios> = Awaited<ReturnType<Scenarios[Name]>>

/** Runs a scenario of worker.ts in the page. */
export const run = <Name extends keyof Scenarios>(
  page: Page,
  name: Name,
  ...args: Args<Name> extends undefined ? [] : [Args<Name>]
): Promise<Answer<Name>> =>
  page.evaluate(([name, args]) => window.run(name, args), [name, args[0] ?? {}] as const) as Promise<Answer<Name>>

declare global {
  interface Window {
    run(name: string, args: unknown): Promise<unknown>
  }
}
