/** Settings of the simulators: one JSON file. Secrets are paths of files, as for real devices. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { hexId } from '#protocols/device/parts.ts'
import { Fault } from '#protocols/errors.ts'
import { digestAlgorithms } from '../../devices/digest.ts'

const path = z.string().min(1)
const port = z.int().min(0).max(65_535).default(0)

export const simulatorsConfig = z.strictObject({
  brokerUrl: z
    .string()
    .regex(/^mqtts?:\/\//)
    .describe('Address of the broker: mqtt:// or mqtts://.'),
  caPath: path.optional().describe('PEM of the authority behind an mqtts address.'),
  controlPort: port.describe('Port of the control on loopback; 0 takes a free one and reports it.'),
  healthMs: z.int().min(1000).default(60_000).describe('How often a device reports how it is.'),
  cameras: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(40),
        port,
        username: z.string().min(1).max(60),
        passwordPath: path,
        algorithm: z.enum(digestAlgorithms).default('SHA-256'),
      }),
    )
    .default([])
    .describe('Cameras to serve.'),
  readers: z
    .array(z.strictObject({ deviceId: hexId, secretPath: path }))
    .default([])
    .describe('Readers to be.'),
  kioskUnits: z
    .array(z.strictObject({ deviceId: hexId, secretPath: path, camera: z.string() }))
    .default([])
    .describe('Kiosk units to be, each with the name of its camera.'),
})
export type SimulatorsConfig = z.infer<typeof simulatorsConfig>

/** Throws Fault request/invalid with the place of each fault. */
export async function readSimulatorsConfig(configPath: string): Promise<SimulatorsConfig> {
  const parsed = simulatorsConfig.safeParse(JSON.parse(await readFile(configPath, 'utf8')))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.code}`)
  throw new Fault('request/invalid', { faults: faults.join('; ') })
}
