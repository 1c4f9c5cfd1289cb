/** The state line's facts, kept as one value that changes. */
import { BehaviorSubject, type Observable } from 'rxjs'
import type { Status } from './api.ts'

export const startingStatus: Status = {
  phase: 'starting',
  online: false,
  demo: false,
  station: null,
  device: null,
  account: null,
  pending: 0,
  refused: 0,
  complete: null,
  lastContactMs: null,
  progress: null,
  persistent: null,
  trouble: null,
}

export interface Holder<T extends object> {
  readonly status$: Observable<T>
  now(): T
  /** Emits only if something is different. */
  set(change: Partial<T>): void
}

export function createHolder<T extends object>(start: T): Holder<T> {
  const subject = new BehaviorSubject<T>(start)
  return {
    status$: subject.asObservable(),
    now: () => subject.value,
    set(change) {
      const isNew = Object.entries(change).some(
        ([name, value]) => JSON.stringify(subject.value[name as keyof T]) !== JSON.stringify(value),
      )
      if (isNew) subject.next({ ...subject.value, ...change })
    },
  }
}
