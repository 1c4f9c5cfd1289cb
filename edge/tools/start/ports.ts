/** Whether every port that will be needed is free, asked before anything is touched: a start that cannot succeed changes nothing. */
import { createServer } from 'node:net'
import { listenFault } from '../../shell/process.ts'

export interface Place {
  readonly host: string
  readonly port: number
}

/** Throws Fault 'process/port-in-use' or 'process/cannot-listen' for the first that is not. */
export async function ensureFree(places: readonly Place[]): Promise<void> {
  for (const fault of await Promise.all(places.map(tryPlace))) if (fault) throw fault
}

const tryPlace = ({ host, port }: Place): Promise<Error | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (cause) => resolve(listenFault(cause, port)))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
