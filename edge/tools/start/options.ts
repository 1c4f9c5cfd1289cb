/** The command line of `npm start`. */
import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'

export interface StartOptions {
  /** Absolute. */
  readonly data: string
  /** gateway, then hub, broker, simulator control and two cameras on the ports after it. */
  readonly ports: number
  readonly fresh: boolean
  readonly json: boolean
  readonly seedOnly: boolean
}

const portOf = (text: string): number => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1024 || port > 65_000) throw new InvalidArgumentError('a port from 1024 to 65000')
  return port
}

export function readOptions(args: readonly string[]): StartOptions {
  const command = new Command('outpost')
    .description('Starts a whole demo station: hub, gateway, broker and simulated devices on one data folder.')
    .option('--data <dir>', 'data folder', 'data')
    .option('--ports <base>', 'first of six ports', portOf, 8800)
    .option('--fresh', 'begin anew: empties the data folder of an earlier demo', false)
    .option('--json', 'one JSON line when all is up', false)
    .option('--seed-only', 'fill the folder with the demo station, print its PINs and end', false)
    .parse([...args], { from: 'user' })
  const values = command.opts<{ data: string; ports: number; fresh: boolean; json: boolean; seedOnly: boolean }>()
  return { ...values, data: resolve(values.data) }
}
