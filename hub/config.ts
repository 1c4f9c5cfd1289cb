/** Settings of the hub's process: one JSON file, and DATABASE_URL from the environment for another PostgreSQL than the embedded one. Secrets are
 *  paths of files, but for that one address. An unknown key is a fault. */
import { z } from 'zod'

const path = z.string().min(1)

export const hubConfig = z.strictObject({
  dataFolder: path.describe('The one folder that holds everything of this hub.'),
  pagesFolder: path.describe('Folder of the built pages.'),
  host: z.string().describe('Address to listen on. Plain HTTP on loopback only.'),
  port: z.number().int().min(0).max(65535).describe('Port to listen on; 0 for any free one.'),
  name: z.string().min(1).max(80).default('中心').describe('Name of the hub, on its card and its console.'),
  demo: z.boolean().describe('A demo folder: operators are made up, and their PINs shown on loopback.'),
  logFile: path.nullable().describe('Where log lines go; null: standard error.'),
  hubCard: path.describe('Where to leave the card for the stations.'),
  stationCards: path.describe('Folder in which the cards of the stations are laid.'),
  carrierFolder: path.describe('Folder in which bundles arrive.'),
  moreCarrierFolders: z.array(path).default([]).describe('Further such folders, as of removable media.'),
  pollMs: z
    .number()
    .int()
    .min(50)
    .max(600_000)
    .default(1000)
    .describe('How often the folders and the cards are looked at.'),
  roots: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .default([])
    .describe(
      'Public keys of the force roots that are trusted; empty: the root on each card, which was carried here by hand.',
    ),
})
export type HubConfig = z.infer<typeof hubConfig>

/** Address of another PostgreSQL, 15 or newer; null: the embedded one. */
export const databaseUrl = (): string | null => process.env['DATABASE_URL'] || null
