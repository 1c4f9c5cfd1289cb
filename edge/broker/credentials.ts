/** Who may connect: a file that the gateway writes (0600) and the broker reads at its start and when told. It holds hashes of secrets, never a
 *  secret. Secrets are 32 random bytes that a machine made, so one fast hash is enough: there is nothing to guess. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { deviceKinds, gatewayClientId, gatewaySenderId, type Principal } from '#protocols/device/kinds.ts'
import { hexId } from '#protocols/device/parts.ts'
import { Fault } from '#protocols/errors.ts'

const secretHash = z.string().regex(/^[0-9a-f]{64}$/)

const credentialsFile = z.strictObject({
  version: z.literal(1),
  gateway: z.strictObject({ secretHash }),
  devices: z.array(z.strictObject({ deviceId: hexId, kind: z.enum(deviceKinds), secretHash })).max(10_000),
})
export type CredentialsFile = z.infer<typeof credentialsFile>

export interface Credentials {
  /** The principal when user name and secret are right and the user may use this client id, else null. Takes the same time for an unknown name. */
  check(clientId: string, username: string, secret: string): Principal | null
  /** The principal of a client id without its secret: for a will that falls due after a restart. */
  find(clientId: string): Principal | null
  /** Changes when the secret does: a connection made with the old one is ended. */
  fingerprint(clientId: string): string | null
  readonly deviceIds: readonly string[]
}

/** secret: the text that is sent as MQTT password, 43 characters of base64url for 32 bytes. username: device id, or 'gateway'. */
export const hashSecret = (username: string, secret: string): string =>
  createHash('sha256').update('outpost/1/device-secret\0').update(username).update('\0').update(secret).digest('hex')

export function createCredentials(file: CredentialsFile): Credentials {
  const byUser = new Map<string, { principal: Principal; secretHash: string }>()
  byUser.set(gatewayClientId, { principal: { kind: 'gateway' }, secretHash: file.gateway.secretHash })
  for (const { deviceId, kind, secretHash } of file.devices)
    byUser.set(deviceId, { principal: { kind, deviceId }, secretHash })
  const userOf = (clientId: string) => (clientId === gatewaySenderId ? gatewayClientId : clientId)
  return {
    check(clientId, username, secret) {
      const entry = byUser.get(username)
      const expected = Buffer.from(entry?.secretHash ?? nobody, 'hex')
      const fits = timingSafeEqual(Buffer.from(hashSecret(username, secret), 'hex'), expected)
      return entry && fits && userOf(clientId) === username ? entry.principal : null
    },
    find: (clientId) => byUser.get(userOf(clientId))?.principal ?? null,
    fingerprint: (clientId) => byUser.get(userOf(clientId))?.secretHash ?? null,
    deviceIds: file.devices.map(({ deviceId }) => deviceId),
  }
}

const nobody = '0'.repeat(64)

/** Throws Fault broker/credentials-invalid: no such file, not ours alone, not of this form, an id twice. */
export async function readCredentials(path: string): Promise<Credentials> {
  const fault = (reason: string) => new Fault('broker/credentials-invalid', { reason })
  const { mode } = await stat(path).catch(() => {
    throw fault('missing')
  })
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw fault('open-to-others')
  const parsed = credentialsFile.safeParse(parseJson(await readFile(path, 'utf8')))
  if (!parsed.success) throw fault('malformed')
  const ids = new Set(parsed.data.devices.map(({ deviceId }) => deviceId))
  if (ids.size !== parsed.data.devices.length) throw fault('duplicate')
  return createCredentials(parsed.data)
}

/** Written whole, flushed and renamed: the broker sees the old file or the new one. Throws the error of the file system. */
export async function writeCredentials(path: string, file: CredentialsFile): Promise<void> {
  const draftPath = `${path}.new`
  const draft = await open(draftPath, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600)
  try {
    await draft.chmod(0o600)
    await draft.writeFile(JSON.stringify(credentialsFile.parse(file)))
    await draft.sync()
  } finally {
    await draft.close()
  }
  await rename(draftPath, path)
  const folder = await open(dirname(path), constants.O_RDONLY)
  await folder.sync().finally(() => folder.close())
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
