/** How this machine is reached on its network: a page that is asked for before anything is trusted goes by address, since a browser that once
 *  saw the station's name over TLS asks for that name over TLS alone. */
import { networkInterfaces } from 'node:os'

/** First IPv4 address that is not loopback, or null. */
export function lanAddress(): string | null {
  for (const addresses of Object.values(networkInterfaces()))
    for (const { family, internal, address } of addresses ?? []) if (family === 'IPv4' && !internal) return address
  return null
}
