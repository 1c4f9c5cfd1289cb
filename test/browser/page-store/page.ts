/** The window of the tests: starts the worker and hands messages on. `acknowledged` is kept here so that a test can read it in one call; it also
 *  goes to a binding of the test, if there is one, so that it outlives the window. */
declare global {
  interface Window {
    run(name: string, args: unknown): Promise<unknown>
    told?: (n: number) => void
  }
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const waiting = new Map<number, { resolve(value: unknown): void; reject(cause: Error): void }>()
let last = 0

worker.addEventListener('message', ({ data }) => {
  if ('acknowledged' in data) return window.told?.(data.acknowledged)
  const waiter = waiting.get(data.id)
  waiting.delete(data.id)
  if ('failure' in data) waiter?.reject(new Error(data.failure))
  else waiter?.resolve(data.answer)
})
worker.addEventListener('error', (event) => {
  for (const { reject } of waiting.values()) reject(new Error(event.message))
})

window.run = (name, args) =>
  new Promise((resolve, reject) => {
    const id = ++last
    waiting.set(id, { resolve, reject })
    worker.postMessage({ id, name, args })
  })

export {}
