/** Turns what IndexedDB reports into our Faults. Of the message nothing is kept: it may quote a key or a path. */
import { type ErrorDetail, Fault } from '#protocols/errors.ts'

export function toFault(cause: unknown, detail: ErrorDetail = {}): Fault {
  const name = (cause as { name?: unknown } | null)?.name
  if (name === 'QuotaExceededError') return new Fault('store/disk-full', {}, { cause })
  if (name === 'ConstraintError') return new Fault('store/key-taken', detail, { cause })
  return new Fault('store/read-only', { reason: typeof name === 'string' ? name : 'unknown' }, { cause })
}
