/** Short words about the last act: saved, or why not. A refusal stays until it is closed; a plain word goes by itself. */
import { type App, type InjectionKey, inject, type Ref, ref } from 'vue'
import { assert } from '#protocols/errors.ts'
import type { Timers } from '#protocols/clock.ts'
import type { Failure } from './failure.ts'

export interface Notice {
  readonly id: number
  readonly text: string | null
  readonly failure: Failure | null
  /** Record type the failure speaks of, for the words of its fields. */
  readonly type: string | undefined
}

export interface Notices {
  readonly list: Readonly<Ref<readonly Notice[]>>
  say(text: string): void
  fail(failure: Failure, type?: string): void
  close(id: number): void
}

export const saidMs = 4000

export function createNotices(timers: Timers): Notices {
  const list = ref<readonly Notice[]>([])
  let last = 0
  const close = (id: number) => {
    list.value = list.value.filter((each) => each.id !== id)
  }
  const add = (notice: Omit<Notice, 'id'>): number => {
    last += 1
    list.value = [{ ...notice, id: last }]
    return last
  }
  return {
    list,
    say(text) {
      const id = add({ text, failure: null, type: undefined })
      timers.after(saidMs, () => close(id))
    },
    fail: (failure, type) => void add({ text: null, failure, type }),
    close,
  }
}

const key: InjectionKey<Notices> = Symbol('notices')
export const provideNotices = (app: App, notices: Notices): void => void app.provide(key, notices)
export function useNotices(): Notices {
  const found = inject(key, null)
  assert(found, 'A composition root provides the notices before it mounts.')
  return found
}
