/** Runs a program of node_modules with the Node that runs us, output straight through, bounded in time. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const rootFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Resolves to the exit code, or null when the program was killed or could not start. */
export function runScript(script: string, args: readonly string[], timeoutMs: number): Promise<number | null> {
  const child = spawn(process.execPath, [script, ...args], { cwd: rootFolder, stdio: ['ignore', 'inherit', 'inherit'] })
  const stop = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  return new Promise((resolve) => {
    const end = (code: number | null) => {
      clearTimeout(stop)
      resolve(code)
    }
    child.on('error', () => end(null))
    child.on('exit', end)
  })
}
