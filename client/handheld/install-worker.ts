/** Registers the service worker and knows whether a newer version waits. */
import { ref, type Ref } from 'vue'
import type { Timers } from '#protocols/clock.ts'
import { trustedScript } from '../shared/trusted.ts'

const waiting = ref<ServiceWorker | null>(null)
const lookEveryMs = 30 * 60_000

/** Development serves no service worker: it would show yesterday's page. */
export async function installWorker(timers: Timers): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker
    .register(trustedScript('/h/sw.js'), { scope: '/h/', updateViaCache: 'none' })
    // Without one (a browser that forbids it) the page still works with a network.
    .catch(() => null)
  if (!registration) return
  const look = () => {
    waiting.value = registration.waiting && navigator.serviceWorker.controller ? registration.waiting : null
  }
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look)
  })
  look()
  timers.every(lookEveryMs, () => void registration.update().catch(() => {}))
}

export interface Update {
  readonly ready: Readonly<Ref<ServiceWorker | null>>
  /** Changes to the new version and opens the page anew; drafts are kept. */
  use(): void
}

export const useUpdate = (): Update => ({
  ready: waiting,
  use() {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    waiting.value?.postMessage('use-now')
  },
})
