/** Who is on duty: accounts on shifts that run at a time. */
import type { Store } from './store/store.ts'

export function onDutyAccounts(store: Store, atMs: number): string[] {
  const ids = store.database
    .prepare('select id from p_shift where f_from <= ? and f_until > ?')
    .pluck()
    .all(atMs, atMs) as string[]
  const accounts = new Set<string>()
  for (const id of ids) {
    const shift = store.records.find(id)
    if (!shift) continue
    for (const name of ['officers', 'auxiliaries'])
      for (const account of (shift.fields[name] ?? []) as readonly string[]) accounts.add(account)
    if (typeof shift.fields['leader'] === 'string') accounts.add(shift.fields['leader'])
  }
  return [...accounts]
}
