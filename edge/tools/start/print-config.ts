/** `--print-config`: the settings of every process as one table, out of the schemas that the processes themselves read by. The hub's schema is
 *  found by its path, as its process is: nothing of the edge is built on the hub. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

const processes = [
  { name: 'gateway', file: 'edge/config.ts', schema: 'edgeConfig' },
  { name: 'hub', file: 'hub/config.ts', schema: 'hubConfig' },
  { name: 'broker', file: 'edge/broker/config.ts', schema: 'brokerConfigSchema' },
  { name: 'simulators', file: 'edge/tools/simulators/config.ts', schema: 'simulatorsConfig' },
] as const

interface Row {
  readonly key: string
  readonly standing: string
  readonly description: string
}

/** root: folder of package.json. */
export async function configTable(root: string): Promise<string> {
  const tables = await Promise.all(
    processes.map(async ({ name, file, schema }) => {
      const module = (await import(pathToFileURL(join(root, file)).href)) as Record<string, z.ZodType>
      return `${name}  (${file})\n${tableOf(rowsOf(module[schema] as z.ZodType))}\n`
    }),
  )
  return tables.join('\n')
}

function rowsOf(schema: z.ZodType): Row[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).map(([key, each]) => {
    const { default: fallback, description = '' } = each as { default?: unknown; description?: string }
    const standing = required.includes(key)
      ? 'required'
      : fallback === undefined
        ? 'optional'
        : JSON.stringify(fallback)
    return { key, standing, description }
  })
}

function tableOf(rows: readonly Row[]): string {
  const [keyWidth, standingWidth] = [widest(rows.map(({ key }) => key)), widest(rows.map(({ standing }) => standing))]
  return rows
    .map(
      ({ key, standing, description }) =>
        `  ${key.padEnd(keyWidth)}  ${standing.padEnd(standingWidth)}  ${description}`,
    )
    .join('\n')
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length))
