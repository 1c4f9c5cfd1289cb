/** Builds the pages of these tests as the product's are built, serves them from a real gateway under its own security headers, and starts Chromium. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { build } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
const executablePath = '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Returns the folder of the built pages. */
export async function buildPages(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'outpost-pages-'))
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      rolldownOptions: { input: { handheld: `${here}/handheld/index.html`, kiosk: `${here}/kiosk/index.html` } },
    },
  })
  return outDir
}

export const launch = (profile: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, { executablePath, args })

export function newProfile(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'outpost-profile-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

export interface Answer {
  readonly ok: boolean
  readonly value?: unknown
  readonly code?: string
  readonly detail?: Record<string, unknown>
}

export async function visit(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address)
  await ready(page)
  return page
}
/** Also after the page was loaded anew. */
export const ready = (page: Page): Promise<unknown> => page.waitForFunction(() => 'ask' in window)

export const ask = (page: Page, name: string, ...rest: unknown[]): Promise<Answer> =>
  page.evaluate(([method, list]) => window.ask(method as string, list as unknown[]), [name, rest]) as Promise<Answer>

/** Waits until the value at `path` of what the stream emits equals `wanted`. */
export const until = <T>(page: Page, name: string, list: unknown[], path: string, wanted: unknown): Promise<T> =>
  page.evaluate(
    ([stream, given, at, value]) => window.until(stream as string, given as unknown[], at as string, value),
    [name, list, path, wanted],
  ) as Promise<T>

export const violations = (page: Page): Promise<string[]> => page.evaluate(() => window.violations)

declare global {
  interface Window {
    ask(name: string, args: unknown[]): Promise<unknown>
    until(name: string, args: unknown[], path: string, wanted: unknown): Promise<unknown>
    violations: string[]
  }
}
