/** The acceptance suite of carriers: what every one of them promises, whatever it is made of. A case that a carrier cannot have says why. */
import { ready } from '#crypto/sodium'
import { afterEach, describe, expect, it } from 'vitest'
import type { Carrier, OwbFile } from '#protocols/carrier.ts'
import { Fault } from '#protocols/errors.ts'
import { createLaneRig } from '../vectors/lane/rig.ts'

await ready

/** One end over the medium. Opening again is a restart: the old life is never heard of again. */
export interface CarrierLife {
  readonly carrier: Carrier
  /** Lets all that can arrive arrive. */
  deliver(): Promise<void>
}
export interface CarrierMedium {
  open(): CarrierLife
  setFull(isFull: boolean): void
  /** Puts a file on the medium past the writer, under a name that an enemy chose; or says why there are no names. */
  plant(name: string, bytes: Uint8Array): Promise<void> | { readonly leftOutBecause: string }
  /** Names of everything outside the carrier's own folders that came to be; empty for a medium without names. */
  strays(): Promise<readonly string[]>
  close(): Promise<void>
}

export const hostileNames = [
  '..\\..\\windows\\system32\\drivers.owb',
  '-rf',
  'a\nb.owb',
  'CON',
  '\u202egnp.owb',
  '%2e%2e%2fetc%2fpasswd',
  '$(reboot).owb',
  `${'n'.repeat(250)}.owb`,
  '.owb',
  'Ａ\u0301.owb',
]

export function carrierSuite(name: string, makeMedium: () => Promise<CarrierMedium>): void {
  describe(`carrier: ${name}`, () => {
    const open: CarrierMedium[] = []
    const medium = async () => {
      const made = await makeMedium()
      open.push(made)
      return made
    }
    afterEach(async () => {
      for (const each of open.splice(0)) await each.close()
    })
    const bundles = (count: number, bytesEach = 100): OwbFile[] => {
      const rig = createLaneRig(name)
      const sender = rig.createSender()
      const first = sender.begin()
      const rest = Array.from({ length: count - 1 }, () =>
        sender.send(rig.withList([{ ...rig.entryOf(rig.change()), outcome: rig.random.bytes(bytesEach) }])),
      )
      return [first, ...rest].map(({ bytes }) => ({ bytes }))
    }
    const collect = async (life: CarrierLife) => {
      const got: OwbFile[] = []
      const receiver = await life.carrier.receive(async (file) => void got.push(file))
      await life.deliver()
      return { got, receiver }
    }
    const hexOf = (files: readonly OwbFile[]) => files.map(({ bytes }) => Buffer.from(bytes).toString('hex'))

    it('what is offered arrives byte for byte, small and large', async () => {
      const life = (await medium()).open()
      const files = [...bundles(2), ...bundles(2, 900_000).slice(1)]
      for (const file of files) expect(await life.carrier.offer(file, 2)).toBe('taken')
      const { got } = await collect(life)
      expect(hexOf(got).sort()).toEqual(hexOf(files).sort())
    })

    it('bundles of one epoch arrive in their order', async () => {
      const life = (await medium()).open()
      const files = bundles(12)
      for (const file of files) await life.carrier.offer(file, 2)
      expect(hexOf((await collect(life)).got)).toEqual(hexOf(files))
    })

    it('what is offered while somebody receives arrives too', async () => {
      const life = (await medium()).open()
      const files = bundles(3)
      const { got } = await collect(life)
      for (const file of files) {
        await life.carrier.offer(file, 2)
        await life.deliver()
      }
      expect(hexOf(got)).toEqual(hexOf(files))
    })

    it('a file that is offered again is taken again, and every copy that arrives is whole', async () => {
      const life = (await medium()).open()
      const [file] = bundles(1) as [OwbFile]
      const { got } = await collect(life)
      for (let i = 0; i < 3; i++) expect(await life.carrier.offer(file, 2)).toBe('taken')
      await life.deliver()
      expect(new Set(hexOf(got))).toEqual(new Set(hexOf([file])))
    })

    it('what was taken before a restart arrives after it', async () => {
      const made = await medium()
      const files = bundles(4)
      const first = made.open()
      for (const file of files) await first.carrier.offer(file, 2)
      expect(hexOf((await collect(made.open())).got)).toEqual(hexOf(files))
    })

    it('what was taken over is not handed over again after a restart', async () => {
      const made = await medium()
      const first = made.open()
      for (const file of bundles(3)) await first.carrier.offer(file, 2)
      const { got, receiver } = await collect(first)
      await receiver.close()
      expect(got).toHaveLength(3)
      expect((await collect(made.open())).got).toEqual([])
    })

    it('what cannot be taken now comes again, also after a restart, and holds nothing else back', async () => {
      const made = await medium()
      const files = bundles(3)
      const life = made.open()
      for (const file of files) await life.carrier.offer(file, 2)
      const tried: OwbFile[] = []
      const receiver = await life.carrier.receive(async (file) => {
        tried.push(file)
        if (hexOf([file])[0] === hexOf(files)[1]) throw new Fault('lane/epoch')
      })
      await life.deliver()
      await life.deliver()
      await receiver.close()
      expect(hexOf(tried).filter((hex) => hex === hexOf(files)[1]).length).toBeGreaterThan(1)
      expect(new Set(hexOf(tried))).toEqual(new Set(hexOf(files)))
      expect(hexOf((await collect(made.open())).got)).toEqual([hexOf(files)[1]])
    })

    it('a receiver that dies in the middle gets the file again', async () => {
      const made = await medium()
      const files = bundles(2)
      const life = made.open()
      for (const file of files) await life.carrier.offer(file, 2)
      const receiver = await life.carrier.receive(async () => {
        throw new Error('the process ends here')
      })
      await life.deliver()
      await receiver.close()
      expect(hexOf((await collect(made.open())).got)).toEqual(hexOf(files))
    })

    it('what is refused for good does not come again', async () => {
      const made = await medium()
      const life = made.open()
      const files = bundles(2)
      for (const file of files) await life.carrier.offer(file, 2)
      let tries = 0
      const receiver = await life.carrier.receive(async () => {
        tries++
        throw new Fault('lane/bundle-forged')
      })
      await life.deliver()
      await life.deliver()
      await receiver.close()
      expect(tries).toBe(2)
      expect((await collect(made.open())).got).toEqual([])
    })

    it('a full medium takes nothing new and loses nothing; with space again it goes on', async () => {
      const made = await medium()
      const life = made.open()
      const files = bundles(3)
      expect(await life.carrier.offer(files[0] as OwbFile, 2)).toBe('taken')
      made.setFull(true)
      for (const file of files.slice(1)) expect(await life.carrier.offer(file, 2)).toBe('busy')
      expect(hexOf((await collect(life)).got)).toEqual(hexOf(files.slice(0, 1)))
      made.setFull(false)
      for (const file of files.slice(1)) expect(await life.carrier.offer(file, 2)).toBe('taken')
    })

    it('bytes that are no bundle are not taken', async () => {
      const life = (await medium()).open()
      const [file] = bundles(1) as [OwbFile]
      for (const bytes of [new Uint8Array(0), new Uint8Array(400), file.bytes.slice(0, -1)])
        await expect(life.carrier.offer({ bytes }, 2)).rejects.toThrow('lane/length')
      const wrong = file.bytes.slice()
      wrong[0] = 0
      await expect(life.carrier.offer({ bytes: wrong }, 2)).rejects.toThrow('lane/header')
      expect((await collect(life)).got).toEqual([])
    })

    it('a name never decides anything: under every hostile one the bytes arrive, and nothing is made elsewhere', async () => {
      const made = await medium()
      const life = made.open()
      const files = bundles(hostileNames.length)
      for (const [i, file] of files.entries()) {
        const planted = made.plant(hostileNames[i] as string, file.bytes)
        if ('leftOutBecause' in planted) return expect(planted.leftOutBecause).toMatch(/\w/)
        await planted
      }
      expect(hexOf((await collect(life)).got).sort()).toEqual(hexOf(files).sort())
      expect(await made.strays()).toEqual([])
    })

    it('after it was closed nothing more is handed over', async () => {
      const life = (await medium()).open()
      const { got, receiver } = await collect(life)
      await receiver.close()
      await life.carrier.offer(bundles(1)[0] as OwbFile, 2)
      await life.deliver()
      expect(got).toEqual([])
    })

    it('one carrier has one receiver', async () => {
      const life = (await medium()).open()
      await collect(life)
      await expect(life.carrier.receive(async () => {})).rejects.toThrow()
    })
  })
}
