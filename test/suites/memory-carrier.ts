/** A carrier in memory: a real one for tests and the simulator, without names and without time. The medium outlives its carriers, as a disk does. */
import type { Carrier, CarrierSink, OwbFile } from '#protocols/carrier.ts'
import { errorCodes, Fault } from '#protocols/errors.ts'
import { fileNameOf } from '#protocols/lane/bundle.ts'

export interface MemoryMedium {
  /** In order of arrival; what was taken over or refused leaves. */
  readonly waiting: OwbFile[]
  readonly refused: { readonly file: OwbFile; readonly code: string }[]
  isFull: boolean
}
export const createMemoryMedium = (): MemoryMedium => ({ waiting: [], refused: [], isFull: false })

export interface MemoryCarrier extends Carrier {
  /** Hands over what waits, once each. */
  deliver(): Promise<void>
}

export function createMemoryCarrier(medium: MemoryMedium): MemoryCarrier {
  let sink: CarrierSink | null = null
  let running: Promise<void> = Promise.resolve()

  const handOver = async (): Promise<void> => {
    for (const file of [...medium.waiting]) {
      if (!sink) return
      const verdict = await tryFile(sink, file)
      if (verdict === 'later') continue
      medium.waiting.splice(medium.waiting.indexOf(file), 1)
      if (verdict !== 'done') medium.refused.push({ file, code: verdict })
    }
  }
  const deliver = (): Promise<void> => {
    running = running.then(handOver)
    return running
  }

  return {
    deliver,
    async offer(file) {
      fileNameOf(file.bytes)
      if (medium.isFull) return 'busy'
      medium.waiting.push({ bytes: file.bytes.slice() })
      return 'taken'
    },
    async receive(newSink) {
      if (sink) throw new Error('a carrier has one receiver')
      sink = newSink
      await deliver()
      return {
        async close() {
          sink = null
          await running
        },
      }
    },
  }
}

async function tryFile(sink: CarrierSink, file: OwbFile): Promise<string> {
  try {
    await sink(file)
    return 'done'
  } catch (error) {
    return error instanceof Fault && errorCodes[error.code].retry === 'never' ? error.code : 'later'
  }
}
