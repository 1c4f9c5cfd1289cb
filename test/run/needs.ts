/** Programs of the system that tests of the whole product drive: a browser, a foreign MQTT client and broker, Chinese letters for pictures.
 *  As root on Debian they are installed; elsewhere they are named. Only the browser cannot be done without. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

interface Need {
  /** Package of Debian. */
  readonly name: string
  readonly isThere: () => boolean
}

const onPath = (program: string) =>
  [...(process.env['PATH'] ?? '').split(':'), '/usr/bin', '/usr/sbin'].some(
    (folder) => folder !== '' && existsSync(join(folder, program)),
  )
const hasFonts = (folder: string) =>
  existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => String(name).includes('NotoSansCJK'))

const needs: readonly Need[] = [
  { name: 'chromium', isThere: () => onPath('chromium') },
  { name: 'mosquitto', isThere: () => onPath('mosquitto') },
  { name: 'mosquitto-clients', isThere: () => onPath('mosquitto_pub') },
  { name: 'fonts-noto-cjk', isThere: () => hasFonts('/usr/share/fonts') },
]

const missing = () => needs.filter((need) => !need.isThere()).map((need) => need.name)

/** Returns false when the tests cannot run at all. */
export function ensureNeeds(say: (line: string) => void): boolean {
  if (missing().length > 0 && process.getuid?.() === 0 && onPath('apt-get')) install(missing(), say)
  const left = missing()
  if (left.length > 0)
    say(`Not installed, tests need it: ${left.join(' ')}. On Debian, as root: apt-get install ${left.join(' ')}`)
  return !left.includes('chromium')
}

function install(names: readonly string[], say: (line: string) => void) {
  say(`Installing ${names.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...names],
  ]) {
    const done = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 15 * 60_000,
    })
    if (done.status !== 0)
      return say(
        `apt-get ${args[0]} ended with ${done.status ?? done.signal}: ${done.stderr.trim().split('\n').at(-1) ?? ''}`,
      )
  }
}
