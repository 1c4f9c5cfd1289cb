/** Calls and streams over a MessagePort, typed by the interface that both sides share. Faults cross as code and detail; whatever else is thrown
 *  crosses as 'internal/fault', without its message. */
import { Observable, type Subscription } from 'rxjs'
import { type ErrorCode, type ErrorDetail, Fault } from '#protocols/errors.ts'

/** What can be asked: methods that answer with a promise, and methods that answer with a stream. */
// biome-ignore lint/suspicious/noExplicitAny: any arguments
export type Calls = Readonly<Record<string, (...args: any[]) => Promise<unknown>>>
// biome-ignore lint/suspicious/noExplicitAny: any arguments
export type Streams = Readonly<Record<string, (...args: any[]) => Observable<unknown>>>

type Down =
  | { readonly id: number; readonly kind: 'call' | 'watch'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly id: number; readonly kind: 'end' }
type Up =
  | { readonly id: number; readonly kind: 'answer' | 'next'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'fault'; readonly code: ErrorCode; readonly detail: ErrorDetail }
  | { readonly id: number; readonly kind: 'complete' }

/** The part of a MessagePort, Worker or worker scope that is needed. */
export interface Port {
  postMessage(message: unknown): void
  addEventListener(kind: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(kind: 'message', listener: (event: MessageEvent) => void): void
  start?(): void
}

/** Answers what the other side asks. onBug: something was thrown that is no Fault. */
export function servePort(port: Port, calls: Calls, streams: Streams, onBug: (cause: unknown) => void): () => void {
  const running = new Map<number, Subscription>()
  const say = (message: Up): void => port.postMessage(message)
  const sayFault = (id: number, cause: unknown): void => {
    if (!(cause instanceof Fault)) onBug(cause)
    const fault = cause instanceof Fault ? cause : new Fault('internal/fault')
    say({ id, kind: 'fault', code: fault.code, detail: fault.detail })
  }

  async function call(id: number, name: string, args: readonly unknown[]): Promise<void> {
    try {
      const run = Object.hasOwn(calls, name) ? calls[name] : undefined
      if (!run) throw new Fault('request/not-found', { name })
      say({ id, kind: 'answer', value: await run(...args) })
    } catch (cause) {
      sayFault(id, cause)
    }
  }

  function watch(id: number, name: string, args: readonly unknown[]): void {
    const make = Object.hasOwn(streams, name) ? streams[name] : undefined
    if (!make) return sayFault(id, new Fault('request/not-found', { name }))
    try {
      const subscription = make(...args).subscribe({
        next: (value) => say({ id, kind: 'next', value }),
        error: (cause) => sayFault(id, cause),
        complete: () => say({ id, kind: 'complete' }),
      })
      running.set(id, subscription)
    } catch (cause) {
      sayFault(id, cause)
    }
  }

  const listen = ({ data }: MessageEvent): void => {
    const message = data as Down
    if (message.kind === 'call') void call(message.id, message.name, message.args)
    else if (message.kind === 'watch') watch(message.id, message.name, message.args)
    else if (message.kind === 'end') {
      running.get(message.id)?.unsubscribe()
      running.delete(message.id)
    }
  }
  port.addEventListener('message', listen)
  port.start?.()
  return () => {
    port.removeEventListener('message', listen)
    for (const subscription of running.values()) subscription.unsubscribe()
    running.clear()
  }
}

export interface Caller<C extends Calls, S extends Streams> {
  call<Name extends keyof C & string>(name: Name, ...args: Parameters<C[Name]>): ReturnType<C[Name]>
  watch<Name extends keyof S & string>(name: Name, ...args: Parameters<S[Name]>): ReturnType<S[Name]>
  /** Fails whatever is still unanswered. */
  close(): void
}

export function connectPort<C extends Calls, S extends Streams>(port: Port): Caller<C, S> {
  const waiting = new Map<number, (message: Up) => void>()
  let last = 0
  const ask = (message: Down, onUp: (message: Up) => void): void => {
    waiting.set(message.id, onUp)
    port.postMessage(message)
  }
  const listen = ({ data }: MessageEvent): void => {
    const message = data as Up
    const onUp = waiting.get(message.id)
    // An answer is the last of its number: forgotten before it is told, so that nobody ends what has ended.
    if (message.kind !== 'next') waiting.delete(message.id)
    onUp?.(message)
  }
  port.addEventListener('message', listen)
  port.start?.()

  return {
    call(name, ...args) {
      const answer = new Promise<unknown>((resolve, reject) =>
        ask({ id: ++last, kind: 'call', name, args }, (message) => {
          if (message.kind === 'answer') resolve(message.value)
          else if (message.kind === 'fault') reject(new Fault(message.code, message.detail))
        }),
      )
      return answer as ReturnType<C[typeof name]>
    },
    watch(name, ...args) {
      const stream = new Observable<unknown>((subscriber) => {
        const id = ++last
        ask({ id, kind: 'watch', name, args }, (message) => {
          if (message.kind === 'next') subscriber.next(message.value)
          else if (message.kind === 'fault') subscriber.error(new Fault(message.code, message.detail))
          else if (message.kind === 'complete') subscriber.complete()
        })
        return () => {
          if (waiting.delete(id)) port.postMessage({ id, kind: 'end' } satisfies Down)
        }
      })
      return stream as ReturnType<S[typeof name]>
    },
    close() {
      port.removeEventListener('message', listen)
      const fault = { kind: 'fault', code: 'internal/fault', detail: { reason: 'closed' } } as const
      for (const [id, onUp] of [...waiting]) onUp({ id, ...fault })
      waiting.clear()
    },
  }
}
