/** Bugs to plant in a simulated device: each is a mistake that was made somewhere, and the laws must find it. */
import type { QueueDoc, Table, Tables, TableWrite } from '../../client/shared/data/tables.ts'

export type Plant = (tables: Tables) => Tables

const withWrite = (tables: Tables, change: (write: TableWrite) => TableWrite): Tables => ({
  ...tables,
  write: (stage) => tables.write((write) => stage(change(write))),
})
const withQueue = (tables: Tables, where: Table<QueueDoc>['where']): Tables => ({
  ...tables,
  queue: { ...tables.queue, where },
})

/** The checkpoint moves on without one of its rows. The manifest finds it, so this one is repaired, not broken. */
export const rowLost: Plant = (tables) => {
  let writes = 0
  return withWrite(tables, (write) => ({
    ...write,
    put: (table, docs) => write.put(table, table === 'records' && ++writes % 3 === 0 ? docs.slice(1) : docs),
  }))
}

/** Whatever was handed out to be sent counts as answered. */
export const forgottenWhenSent: Plant = (tables) => {
  const sent = new Set<string>()
  return withQueue(tables, async (match) => {
    const found = (await tables.queue.where(match)).filter((doc) => !sent.has(doc.id))
    if (match['state'] === 'pending') for (const doc of found) sent.add(doc.id)
    return found
  })
}

/** A gateway that came back from a backup is not offered again what it had acknowledged. */
export const epochIgnored: Plant = (tables) =>
  withQueue(tables, async (match) => (match['state'] === 'settled' ? [] : tables.queue.where(match)))

/** The readable copy goes with any receipt, also with a refusal. */
export const refusalDropped: Plant = (tables) =>
  withWrite(tables, (write) => ({
    ...write,
    put: (table, docs) =>
      write.put(
        table,
        docs.filter((doc) => !('state' in doc && doc.state === 'refused')),
      ),
    purge: write.purge,
  }))

/** Records that leave the scope stay. */
export const outIgnored: Plant = (tables) =>
  withWrite(tables, (write) => ({
    ...write,
    purge: (table, ids) => write.purge(table, table === 'records' ? [] : ids),
  }))
