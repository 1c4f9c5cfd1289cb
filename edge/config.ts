/** Settings of the gateway's process. Secrets are paths of files. An unknown key is a fault. */
import { z } from 'zod'

const path = z.string().min(1)

export const edgeConfig = z.strictObject({
  dataFolder: path.describe('The one folder that holds everything of this station; made 0700.'),
  pagesFolder: path.describe('Folder of the built pages.'),
  host: z.string().describe('Address to listen on. Plain HTTP on loopback only.'),
  port: z.number().int().min(0).max(65535).describe('Port to listen on; 0 for any free one.'),
  station: z
    .strictObject({
      name: z.string().min(1).max(80),
      nameEn: z.string().min(1).max(80),
      code: z.string().regex(/^\d{12}$/),
    })
    .describe('Name and 12-digit code, used when the station is founded.'),
  demo: z.boolean().describe('A demo folder: seeded, and with doors that exist on loopback only.'),
  logFile: path.nullable().describe('Where log lines go; null: standard error.'),
  broker: z
    .strictObject({ url: z.string(), secretFile: path })
    .nullable()
    .describe('The MQTT broker and the file with the secret of the gateway client; null: no devices.'),
  cameras: z
    .array(z.strictObject({ unit: z.string(), url: z.string(), username: z.string(), passwordFile: path }))
    .describe('Snapshot address of the camera of each kiosk unit.'),
  lane: z
    .strictObject({
      hubCard: path,
      stationCard: path,
      folder: path,
      everyMs: z.number().int().min(200),
    })
    .nullable()
    .describe('The lane to the hub: its card, where to leave ours, the carrier folder, and how often it runs; null: no hub.'),
  verifyThreads: z.number().int().min(0).max(16).describe('Threads for signature checks.'),
})
export type EdgeConfig = z.infer<typeof edgeConfig>
