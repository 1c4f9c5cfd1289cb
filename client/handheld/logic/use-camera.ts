/** The camera of the device as a picture on the screen. Its tracks end with the screen: the light never stays on behind it. */
import { onScopeDispose, type Ref, ref, shallowRef } from 'vue'
import { drawPhoto } from './photo.ts'

export interface Camera {
  readonly state: Readonly<Ref<'starting' | 'on' | 'none'>>
  /** More than one camera: it can be turned. */
  readonly several: Readonly<Ref<boolean>>
  readonly stream: Readonly<Ref<MediaStream | null>>
  start(): Promise<void>
  turn(): Promise<void>
  /** The frame shown now as JPEG bytes. */
  shoot(video: HTMLVideoElement): Promise<Uint8Array>
}

export function useCamera(): Camera {
  const state = ref<'starting' | 'on' | 'none'>('starting')
  const several = ref(false)
  const stream = shallowRef<MediaStream | null>(null)
  let facing: 'environment' | 'user' = 'environment'
  let ended = false

  const stop = () => {
    for (const track of stream.value?.getTracks() ?? []) track.stop()
    stream.value = null
  }
  async function start(): Promise<void> {
    stop()
    state.value = 'starting'
    try {
      const opened = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: facing }, width: { ideal: 1920 }, height: { ideal: 1440 } },
      })
      stream.value = opened
      if (ended) return stop()
      several.value =
        (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === 'videoinput').length > 1
      state.value = 'on'
    } catch {
      // No camera, or not allowed: the screen offers a file instead, which needs neither.
      state.value = 'none'
    }
  }
  onScopeDispose(() => {
    ended = true
    stop()
  })
  return {
    state,
    several,
    stream,
    start,
    turn() {
      facing = facing === 'environment' ? 'user' : 'environment'
      return start()
    },
    shoot: (video) => drawPhoto(video, { width: video.videoWidth, height: video.videoHeight }),
  }
}
