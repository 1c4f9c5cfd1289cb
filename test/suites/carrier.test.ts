import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSeededRandom } from '#crypto/seeded-random.ts'
import { createDirectoryCarrier } from '../../edge/shell/carriers/directory.ts'
import { createFakeClock } from '../fixtures/fake-clock.ts'
import { carrierSuite } from './carrier.ts'
import { createMemoryCarrier, createMemoryMedium } from './memory-carrier.ts'

carrierSuite('memory', async () => {
  const medium = createMemoryMedium()
  return {
    open() {
      const carrier = createMemoryCarrier(medium)
      return { carrier, deliver: () => carrier.deliver() }
    },
    setFull(isFull) {
      medium.isFull = isFull
    },
    plant: () => ({ leftOutBecause: 'memory has no names' }),
    strays: async () => [],
    close: async () => {},
  }
})

carrierSuite('directory', async () => {
  const root = await mkdtemp(join(tmpdir(), 'outpost-carrier-'))
  const path = join(root, 'medium')
  await mkdir(path)
  let lives = 0
  let freeBytesMin = 0
  return {
    open() {
      const carrier = createDirectoryCarrier({
        path,
        timers: createFakeClock(),
        random: createSeededRandom(`life ${++lives}`),
        get freeBytesMin() {
          return freeBytesMin
        },
      })
      return { carrier, deliver: () => carrier.scanNow() }
    },
    setFull(isFull) {
      freeBytesMin = isFull ? Number.MAX_SAFE_INTEGER : 0
    },
    async plant(name, bytes) {
      await mkdir(join(path, 'in'), { recursive: true })
      await writeFile(`${path}/in/${name}`, bytes)
    },
    strays: async () => [
      ...(await readdir(root)).filter((name) => name !== 'medium'),
      ...(await readdir(path)).filter((name) => !['tmp', 'in', 'claimed', 'done', 'refused'].includes(name)),
    ],
    close: () => rm(root, { recursive: true, force: true }),
  }
})
