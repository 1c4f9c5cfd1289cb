import { MessageChannel } from 'node:worker_threads'
import { firstValueFrom, interval, Observable, of, take, throwError, toArray } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { type Caller, connectPort, type Port, servePort } from '../../../../client/shared/data/rpc.ts'

type C = { add(a: number, b: number): Promise<number>; fail(kind: string): Promise<never>; wait(): Promise<never> }
type S = {
  count(to: number): Observable<number>
  broken(kind: string): Observable<never>
  watched(): Observable<number>
}

const channels: MessageChannel[] = []
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close()
    port2.close()
  }
})

function connect() {
  const channel = new MessageChannel()
  channels.push(channel)
  const bugs: unknown[] = []
  const watching = { now: 0 }
  const stop = servePort(
    channel.port1 as unknown as Port,
    {
      add: async (a: number, b: number) => a + b,
      fail: async (kind: string) => {
        throw kind === 'fault' ? new Fault('change/denied', { field: 'x' }) : new TypeError('secret text')
      },
      wait: () => new Promise<never>(() => {}),
    },
    {
      count: (to: number) => of(...Array.from({ length: to }, (_, i) => i)),
      broken: (kind: string) =>
        throwError(() => (kind === 'fault' ? new Fault('request/invalid') : new Error('secret'))),
      watched: () =>
        new Observable<number>((subscriber) => {
          watching.now++
          const inner = interval(1).subscribe(subscriber)
          return () => {
            watching.now--
            inner.unsubscribe()
          }
        }),
    },
    (cause) => bugs.push(cause),
  )
  const caller = connectPort<C & Record<string, never>, S & Record<string, never>>(
    channel.port2 as unknown as Port,
  ) as unknown as Caller<C, S>
  return { caller, bugs, watching, stop }
}

describe('calls over a port', () => {
  it('answer in their own order, each to its caller', async () => {
    const { caller } = connect()
    expect(await Promise.all([caller.call('add', 1, 2), caller.call('add', 3, 4)])).toEqual([3, 7])
  })

  it('a Fault crosses with code and detail', async () => {
    const { caller, bugs } = connect()
    const failing = caller.call('fail', 'fault')
    await expect(failing).rejects.toBeInstanceOf(Fault)
    await expect(failing).rejects.toMatchObject({ code: 'change/denied', detail: { field: 'x' } })
    expect(bugs).toEqual([])
  })

  it('any other error crosses without its message, and is told on its own side', async () => {
    const { caller, bugs } = connect()
    const fault = await caller.call('fail', 'bug').catch((cause) => cause)
    expect(fault).toMatchObject({ code: 'internal/fault' })
    expect(JSON.stringify(fault)).not.toContain('secret')
    expect(bugs).toHaveLength(1)
  })

  it('a name that is not offered is refused', async () => {
    const { caller } = connect()
    for (const name of ['nothing', 'toString', 'constructor'])
      await expect(caller.call(name as 'wait')).rejects.toMatchObject({ code: 'request/not-found' })
  })

  it('what is unanswered when the connection closes fails', async () => {
    const { caller } = connect()
    const waiting = caller.call('wait')
    waiting.catch(() => {})
    caller.close()
    await expect(waiting).rejects.toMatchObject({ code: 'internal/fault', detail: { reason: 'closed' } })
  })
})

describe('streams over a port', () => {
  it('deliver all values in order and complete', async () => {
    const { caller } = connect()
    expect(await firstValueFrom(caller.watch('count', 5).pipe(toArray()))).toEqual([0, 1, 2, 3, 4])
  })

  it('start at each subscription and end at the other side when nobody listens', async () => {
    const { caller, watching } = connect()
    const stream = caller.watch('watched')
    expect(watching.now).toBe(0)
    expect(await firstValueFrom(stream.pipe(take(3), toArray()))).toEqual([0, 1, 2])
    await expect.poll(() => watching.now).toBe(0)
    const [a, b] = [stream.subscribe(), stream.subscribe()]
    await expect.poll(() => watching.now).toBe(2)
    a.unsubscribe()
    b.unsubscribe()
    await expect.poll(() => watching.now).toBe(0)
  })

  it('an error crosses like that of a call', async () => {
    const { caller, bugs } = connect()
    await expect(firstValueFrom(caller.watch('broken', 'fault'))).rejects.toMatchObject({ code: 'request/invalid' })
    await expect(firstValueFrom(caller.watch('broken', 'bug'))).rejects.toMatchObject({ code: 'internal/fault' })
    expect(bugs).toHaveLength(1)
  })

  it('streams end when their side stops serving', async () => {
    const { caller, watching, stop } = connect()
    const subscription = caller.watch('watched').subscribe()
    await expect.poll(() => watching.now).toBe(1)
    stop()
    expect(watching.now).toBe(0)
    subscription.unsubscribe()
  })
})
