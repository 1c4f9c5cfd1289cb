/** The extension that binds an authority to one host name (RFC 5280, 4.2.1.10): a device that trusts the station's authority trusts it for
 *  nothing else, whatever its key is made to sign. Subtrees of addresses are excluded too, since names say nothing about them. */
import { Extension, type X509Certificate } from '@peculiar/x509'
import { concat, equalBytes, utf8 } from '#crypto/bytes.ts'

const oid = '2.5.29.30'
const sequence = 0x30
const permitted = 0xa0
const excluded = 0xa1
const dnsName = 0x82
const ipAddress = 0x87

/** Type, length, content; content below 64 KiB. */
function part(type: number, ...contents: Uint8Array[]): Uint8Array {
  const content = concat(...contents)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return concat(new Uint8Array([type, ...size]), content)
}

const subtree = (type: number, value: Uint8Array): Uint8Array => part(sequence, part(type, value))

const valueFor = (name: string): Uint8Array =>
  part(
    sequence,
    part(permitted, subtree(dnsName, utf8(name))),
    // All of IPv4 and all of IPv6: address and mask, both zero.
    part(excluded, subtree(ipAddress, new Uint8Array(8)), subtree(ipAddress, new Uint8Array(32))),
  )

/** name: lower-case ASCII host name. */
export const onlyName = (name: string): Extension => new Extension(oid, true, valueFor(name) as Uint8Array<ArrayBuffer>)

/** Is the certificate bound to this name, exactly as it is written here? */
export function isOnlyFor(certificate: X509Certificate, name: string): boolean {
  const found = certificate.getExtension(oid)
  return found?.critical === true && equalBytes(new Uint8Array(found.value), valueFor(name))
}
