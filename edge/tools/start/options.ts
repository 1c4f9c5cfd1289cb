/** The command line of `npm start`. */
import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { hostNameOf } from '../../tls/host-name.ts'

export interface StartOptions {
  /** Absolute. */
  readonly data: string
  /** gateway, then hub, broker, simulator control, two cameras, and with --lan the page with the authority's file. */
  readonly ports: number
  /** The station's one host name, or null: loopback alone. */
  readonly lan: string | null
  /** Absolute folder of pages that were built elsewhere; null: built here when they are not up to date. */
  readonly pages: string | null
  readonly fresh: boolean
  readonly json: boolean
  readonly seedOnly: boolean
  readonly printConfig: boolean
}

const portOf = (text: string): number => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1024 || port > 65_000)
    throw new InvalidArgumentError('a port from 1024 to 65000')
  return port
}

const nameOf = (text: string): string => {
  const name = hostNameOf(text)
  if (name === null) throw new InvalidArgumentError('a host name such as station.example, no address and not localhost')
  return name
}

type Values = Omit<StartOptions, 'lan' | 'pages'> & { readonly lan?: string; readonly pages?: string }

export function readOptions(args: readonly string[]): StartOptions {
  const values = new Command('outpost')
    .description('Starts a whole demo station: hub, gateway, broker and simulated devices on one data folder.')
    .option('--data <dir>', 'data folder', 'data')
    .option('--ports <base>', 'first of seven ports', portOf, 8800)
    .option('--lan <name>', 'serve the station to its network over HTTPS under this one host name', nameOf)
    .option('--pages <dir>', 'folder of pages that were built elsewhere')
    .option('--fresh', 'begin anew: empties the data folder of an earlier demo', false)
    .option('--json', 'one JSON line when all is up', false)
    .option('--seed-only', 'fill the folder with the demo station, print its PINs and end', false)
    .option('--print-config', 'print the settings of every process and end', false)
    .parse([...args], { from: 'user' })
    .opts<Values>()
  return {
    ...values,
    data: resolve(values.data),
    lan: values.lan ?? null,
    pages: values.pages ? resolve(values.pages) : null,
  }
}
