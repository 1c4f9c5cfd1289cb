/** One page per client folder, the handheld's service worker, and the test projects. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const faces = ['kiosk', 'handheld', 'desk', 'hub-console'].filter((face) => existsSync(here(`client/${face}/index.html`)))
const project = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, root: here('.'), include, environment: 'node' as const, ...more },
})

export default defineConfig({
  root: here('client'),
  base: '/',
  cacheDir: here('node_modules/.vite'),
  plugins: [vue()],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    rolldownOptions: { input: Object.fromEntries(faces.map((face) => [face, here(`client/${face}/index.html`)])) },
  },
  worker: { format: 'es' },
  test: {
    projects: [
      project('meta', ['test/*.test.ts']),
      project('unit', ['test/unit/**/*.test.ts', 'test/suites/**/*.test.ts', 'test/sim/**/*.test.ts', 'test/fuzz/**/*.test.ts']),
      // Real browsers and real processes share two cores: one file at a time.
      project('e2e', ['test/browser/**/*.test.ts', 'test/e2e/**/*.test.ts'], {
        fileParallelism: false,
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
    ],
  },
})
