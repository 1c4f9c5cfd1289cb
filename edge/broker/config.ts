/** Settings of the broker process: one JSON file, named on its command line. Parsed once, passed on as a value; secrets are paths of files. An
 *  unknown key is a fault, and all faults are reported together. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Fault } from '#protocols/errors.ts'
import { limits } from '#protocols/limits.ts'

const path = z.string().min(1).max(4096)
const ms = (fallback: number, max: number) => z.int().min(10).max(max).default(fallback)

const tls = z.strictObject({
  certPath: path.describe("PEM chain of the broker's own certificate, issued by the station's transport authority."),
  keyPath: path.describe('PEM private key of that certificate.'),
})

export const brokerConfigSchema = z
  .strictObject({
    host: z.string().default('127.0.0.1').describe('Address to listen on. Anything but loopback needs tls.'),
    port: z.int().min(0).max(65_535).default(1883).describe('Port to listen on; 0 takes a free one and reports it.'),
    tls: tls.optional().describe('TLS 1.3 for readers on the network of the station.'),
    dataDir: path.describe('Folder of the queue of messages, made when it is missing. Nobody else may read it.'),
    queueKeyPath: path.describe('File of 32 bytes: the key that seals the queue on disk.'),
    credentialsPath: path.describe('File of the devices and the hashes of their secrets, written by the gateway.'),
    connectionsMax: z
      .int()
      .min(1)
      .max(limits.mqttConnectionsMax)
      .default(limits.mqttConnectionsMax)
      .describe('Connections at one time; one more is closed at once.'),
    pendingConnectionsMax: z
      .int()
      .min(1)
      .max(limits.mqttPendingConnectionsMax)
      .default(limits.mqttPendingConnectionsMax)
      .describe('Connections at one time that have not been accepted yet.'),
    packetsPerSecond: z.int().min(1).max(10_000).default(50).describe('Packets a device may send every second.'),
    packetsBurst: z.int().min(1).max(100_000).default(200).describe('Packets a device may send at once after a rest.'),
    inboxQueueMax: z
      .int()
      .min(1)
      .max(limits.mqttInboxQueueMax)
      .default(limits.mqttInboxQueueMax)
      .describe('Messages kept for the gateway; when full, devices keep theirs.'),
    deviceQueueMax: z
      .int()
      .min(1)
      .max(limits.mqttDeviceQueueMax)
      .default(limits.mqttDeviceQueueMax)
      .describe('Messages kept for a device that is away; the oldest go first.'),
    connectTimeoutMs: ms(3000, 60_000).describe('A connection that sends no CONNECT for so long is closed.'),
    drainTimeoutMs: ms(5000, 60_000).describe('A client that takes nothing for so long is closed.'),
    keepaliveSecondsMax: z
      .int()
      .min(1)
      .max(3600)
      .default(120)
      .describe('The longest keep-alive a client may ask for; none at all is refused.'),
    heartbeatMs: ms(10_000, 600_000).describe('Four of these after a restart the wills of lost connections are sent.'),
  })
  .refine(({ host, tls }) => tls !== undefined || loopbackHosts.includes(host), {
    path: ['host'],
    message: 'needs tls outside loopback',
  })

export type BrokerConfig = z.infer<typeof brokerConfigSchema>

const loopbackHosts = ['127.0.0.1', '::1', 'localhost']

/** Throws Fault broker/config-invalid with one line for each fault: 'key: what is wrong', never the value. */
export function parseBrokerConfig(text: string): BrokerConfig {
  const parsed = brokerConfigSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${faultPlace(issue)}: ${issue.code}`)
  throw new Fault('broker/config-invalid', { faults: faults.join('; ') })
}

export async function readBrokerConfig(path: string): Promise<BrokerConfig> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Fault('broker/config-invalid', { faults: 'file: missing or unreadable' })
  })
  return parseBrokerConfig(text)
}

/** One line a key: name, default, description. */
export function describeBrokerConfig(): string {
  const { properties = {}, required = [] } = z.toJSONSchema(brokerConfigSchema, { io: 'input' })
  return Object.entries(properties)
    .map(([key, schema]) => {
      const { default: fallback, description } = schema as { default?: unknown; description?: string }
      const standing = required.includes(key) ? 'required' : fallback === undefined ? 'optional' : String(fallback)
      return `${key.padEnd(24)}${standing.padEnd(12)}${description ?? ''}`
    })
    .join('\n')
}

const faultPlace = (issue: z.core.$ZodIssue): string => {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : issue.path
  return keys.map(String).join('.') || 'file'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
