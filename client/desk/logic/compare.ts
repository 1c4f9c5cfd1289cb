/** The camera's picture of whoever stands at the kiosk, for a person to compare by eye. It comes as text and is shown from memory: a blob, never
 *  an address of its bytes in the page. */
import { onScopeDispose, ref, type Ref, shallowRef, watch } from 'vue'
import type { ComparePictures } from '#protocols/http/desk.ts'
import type { Failure } from '../../shared/ui/failure.ts'
import { useData } from '../../shared/ui/use-data.ts'
import { callFailureOf } from './call-failure.ts'

const media = ['image/jpeg', 'image/png', 'image/webp']

/** Throws for text that is no base64. */
export const bytesOfBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (each) => each.charCodeAt(0))

export interface Compare {
  readonly state: Readonly<Ref<'asking' | 'shown' | 'none' | 'failed'>>
  readonly camera: Readonly<Ref<string | null>>
  readonly document: Readonly<Ref<string | null>>
  readonly untilMs: Readonly<Ref<number>>
  readonly failure: Readonly<Ref<Failure | null>>
  ask(): Promise<void>
}

export function useCompare(visit: () => string): Compare {
  const data = useData()
  const state = ref<'asking' | 'shown' | 'none' | 'failed'>('asking')
  const camera = ref<string | null>(null)
  const paper = ref<string | null>(null)
  const untilMs = ref(0)
  const failure = shallowRef<Failure | null>(null)
  let ended = false
  const release = () => {
    for (const shown of [camera, paper]) {
      if (shown.value !== null) URL.revokeObjectURL(shown.value)
      shown.value = null
    }
  }
  const addressOf = (picture: ComparePictures['camera']): string | null =>
    picture && media.includes(picture.media)
      ? URL.createObjectURL(new Blob([bytesOfBase64(picture.base64)], { type: picture.media }))
      : null

  async function ask(): Promise<void> {
    state.value = 'asking'
    failure.value = null
    try {
      const pictures = await data.call<ComparePictures>('GET', `/api/desk/compare/${visit()}`)
      if (ended) return
      release()
      camera.value = addressOf(pictures.camera)
      paper.value = addressOf(pictures.document)
      untilMs.value = pictures.untilMs
      state.value = camera.value || paper.value ? 'shown' : 'none'
    } catch (thrown) {
      failure.value = callFailureOf(thrown)
      state.value = 'failed'
    }
  }
  watch(visit, ask, { immediate: true })
  onScopeDispose(() => {
    ended = true
    release()
  })
  return { state, camera, document: paper, untilMs, failure, ask }
}
