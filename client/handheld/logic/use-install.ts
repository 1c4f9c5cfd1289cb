/** The browser's offer to install the page as an app, kept until the person asks for it. */
import { onScopeDispose, type Ref, ref } from 'vue'

interface InstallOffer extends Event {
  prompt(): Promise<unknown>
}

let offer: InstallOffer | null = null
const offered = ref(false)

/** Once, at the start of the page: the event comes early and only once. */
export function catchInstallOffer(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    offer = event as InstallOffer
    offered.value = true
  })
  window.addEventListener('appinstalled', () => {
    offer = null
    offered.value = false
  })
}

export interface Install {
  readonly offered: Readonly<Ref<boolean>>
  ask(): Promise<void>
}

export function useInstall(): Install {
  let ended = false
  onScopeDispose(() => {
    ended = true
  })
  return {
    offered,
    async ask() {
      await offer?.prompt()
      offer = null
      if (!ended) offered.value = false
    },
  }
}
