/** One page per client folder, the handheld's service worker, and the test projects. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { pageFlags } from './client/page-flags.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const faces = ['kiosk', 'handheld', 'desk', 'hub-console'].filter((face) =>
  existsSync(here(`client/${face}/index.html`)),
)
const project = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, root: here('.'), include, environment: 'node' as const, ...more },
})

/** Where this build goes: whoever builds beside a running station names another folder on the command line. */
const outDirAt = process.argv.indexOf('--outDir')
const outDir = outDirAt < 0 ? here('dist') : resolve(process.argv[outDirAt + 1] ?? '')

const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as { version: string }

/** Files of dist that the handheld's page needs: those its page names, those they name, and so on. Names carry hashes, so a mention is a use. */
function neededByHandheld(files: readonly string[]): Set<string> {
  const needed = new Set(files.filter((file) => file.startsWith('handheld/')))
  for (const file of needed) {
    if (!/\.(html|js|css)$/.test(file)) continue
    const text = readFileSync(join(outDir, file), 'utf8')
    for (const other of files) if (other.startsWith('assets/') && text.includes(basename(other))) needed.add(other)
  }
  return needed
}

/** Builds client/handheld/sw.ts to dist/handheld/sw.js, served as /h/sw.js. It writes nothing into any page: the other faces stay without. */
async function handheldWorker() {
  const { VitePWA } = await import('vite-plugin-pwa')
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'handheld',
    filename: 'sw.ts',
    outDir: join(outDir, 'handheld'),
    scope: '/h/',
    manifest: false,
    injectRegister: false,
    injectManifest: {
      globDirectory: outDir,
      globPatterns: ['handheld/**/*.{html,png,svg,webmanifest}', 'assets/**/*'],
      maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
      manifestTransforms: [
        async (entries) => {
          const needed = neededByHandheld(entries.map((entry) => entry.url))
          const manifest = entries
            .filter((entry) => needed.has(entry.url))
            .map((entry) => ({
              ...entry,
              url: entry.url.replace(/^handheld\//, '/h/').replace(/^assets\//, '/assets/'),
            }))
          return { manifest }
        },
      ],
    },
  })
}

export default defineConfig(({ command }) => ({
  root: here('client'),
  base: '/',
  cacheDir: here('node_modules/.vite'),
  plugins: [vue(), ...(command === 'build' && faces.includes('handheld') ? [handheldWorker()] : [])],
  define: pageFlags(version),
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    rolldownOptions: { input: Object.fromEntries(faces.map((face) => [face, here(`client/${face}/index.html`)])) },
  },
  worker: { format: 'es' },
  test: {
    projects: [
      project('meta', ['test/*.test.ts']),
      project('unit', [
        'test/unit/**/*.test.ts',
        'test/suites/**/*.test.ts',
        'test/sim/**/*.test.ts',
        'test/fuzz/**/*.test.ts',
      ], { testTimeout: 60_000, hookTimeout: 60_000 }),
      // Real browsers and real processes share two cores: one file at a time.
      project('e2e', ['test/browser/**/*.test.ts', 'test/e2e/**/*.test.ts'], {
        fileParallelism: false,
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
    ],
  },
}))
