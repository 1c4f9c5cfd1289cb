/** Settings of the gateway's process. Secrets are paths of files. An unknown key is a fault. */
import { z } from 'zod'
import { hostNameOf } from './tls/host-name.ts'

const path = z.string().min(1)

const loopback = ['127.0.0.1', '::1', 'localhost']

const settings = z.strictObject({
  dataFolder: path.describe('The one folder that holds everything of this station; made 0700.'),
  pagesFolder: path.describe('Folder of the built pages.'),
  host: z.string().describe('Address to listen on. Any but loopback needs allowLan and tls.'),
  allowLan: z.boolean().default(false).describe('Serve other machines than this one, over TLS alone.'),
  tls: z
    .strictObject({
      certFile: path,
      keyFile: path,
      name: z.string().refine((name) => hostNameOf(name) === name, 'a host name in lower case, no address'),
    })
    .nullable()
    .default(null)
    .describe(
      'PEM chain and key of the server, and the one host name it answers to; both files are looked at again every hour.',
    ),
  trustPage: z
    .strictObject({ port: z.number().int().min(0).max(65535), caFile: path })
    .nullable()
    .default(null)
    .describe(
      "Plain-http page on the same address that offers the authority's public file and nothing else; null: none.",
    ),
  port: z.number().int().min(0).max(65535).describe('Port to listen on; 0 for any free one.'),
  station: z
    .strictObject({
      name: z.string().min(1).max(80),
      nameEn: z.string().min(1).max(80),
      code: z.string().regex(/^\d{12}$/),
    })
    .describe('Name and 12-digit code, used when the station is founded.'),
  demo: z.boolean().describe('Doors of a demo folder: tickets and PINs for anyone. On loopback only.'),
  demoData: z.boolean().default(false).describe('The folder holds invented people; screens say so.'),
  firstTicket: z
    .boolean()
    .default(false)
    .describe('Give one desk ticket in the ready line while no desk is enrolled: who reads it enrols the first one.'),
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
    .describe(
      'The lane to the hub: its card, where to leave ours, the carrier folder, and how often it runs; null: no hub.',
    ),
  verifyThreads: z.number().int().min(0).max(16).describe('Threads for signature checks.'),
})

export const edgeConfig = settings.superRefine(({ host, allowLan, tls, demo, trustPage }, context) => {
  const fault = (key: keyof typeof settings.shape, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message })
  // Without TLS nothing but loopback is served: a browser gives a plain page no keys, and a network would read along.
  const isLoopback = loopback.includes(host)
  if (!isLoopback && !(allowLan && tls)) fault('host', 'any but loopback needs allowLan and tls')
  if (!isLoopback && demo) fault('demo', 'demo doors exist on loopback only')
  if (trustPage && !tls) fault('trustPage', 'there is no authority to trust without tls')
})
/** As it may stand in the file: what has a default may be left out. */
export type EdgeConfig = z.input<typeof edgeConfig>
