/** The station's transport authority (security.md 3, TA; 10): X.509 over ECDSA P-256. It proves that a connection ends at this station and is
 *  good for the station's one host name alone; it must never sign a change, a person or a device. Nothing here touches a disk. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { toHex } from '#crypto/bytes.ts'
import type { Random } from '#crypto/random.ts'
import { isOnlyFor, onlyName } from './name-constraints.ts'
import { pinOfKey, spkiPin } from './pins.ts'

const dayMs = 24 * 3600 * 1000
/** Devices with a slow clock take the certificate too. */
const backdatedMs = dayMs
export const authorityDays = 3652
/** Browsers take no longer life from a public authority, and it costs nothing to keep to it. */
export const serverDaysMax = 397
export const renewDays = 30

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** PEM, both. */
export interface KeyedCertificate {
  readonly key: string
  /** Of a server: its own certificate, then the authority's. */
  readonly certificate: string
}

export interface Subject {
  /** In Latin letters, for lists of authorities on devices. */
  readonly stationName: string
  /** 12 digits. */
  readonly stationCode: string
  /** Host name, lower case. */
  readonly name: string
}

export interface Made {
  readonly random: Random
  readonly nowMs: number
}

/** key: PEM of an authority whose certificate is made anew; without it a new key is made. Throws what WebCrypto throws for a broken key. */
export async function makeAuthority(subject: Subject, made: Made, key?: string): Promise<KeyedCertificate> {
  const keys = key === undefined ? await newKeys() : await keysOf(key)
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialOf(made.random),
      name: [{ CN: [`Outpost ${subject.stationName.slice(0, 36)} transport authority`] }, { O: [subject.stationCode] }],
      notBefore: new Date(made.nowMs - backdatedMs),
      notAfter: new Date(made.nowMs - backdatedMs + authorityDays * dayMs),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
        onlyName(subject.name),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, subtleOwner),
      ],
    },
    subtleOwner,
  )
  return { key: key ?? (await pemOfKey(keys.privateKey)), certificate: pemOf(certificate) }
}

/** A certificate for the host name alone, with a key of its own. It never outlives its authority. */
export async function issueServer(authority: KeyedCertificate, name: string, made: Made): Promise<KeyedCertificate> {
  const issuer = new X509Certificate(authority.certificate)
  const signer = await keysOf(authority.key)
  const keys = await newKeys()
  const notBeforeMs = made.nowMs - backdatedMs
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serialOf(made.random),
      subject: [{ CN: ['Outpost gateway'] }],
      issuer: issuer.subjectName,
      notBefore: new Date(notBeforeMs),
      notAfter: new Date(Math.min(notBeforeMs + serverDaysMax * dayMs - 1000, issuer.notAfter.getTime())),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: signer.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, subtleOwner),
        await AuthorityKeyIdentifierExtension.create(signer.publicKey, false, subtleOwner),
      ],
    },
    subtleOwner,
  )
  return { key: await pemOfKey(keys.privateKey), certificate: `${pemOf(certificate)}${authority.certificate}` }
}

/** Does this authority still serve: of this key, for this name, in its time, with room for a server certificate of full life? */
export async function authorityStands(authority: KeyedCertificate, name: string, nowMs: number): Promise<boolean> {
  const certificate = new X509Certificate(authority.certificate)
  if (!(await certificate.verify({ signatureOnly: true }, subtleOwner))) return false
  return (
    isOnlyFor(certificate, name) &&
    spkiPin(authority.certificate) === pinOfKey(authority.key) &&
    certificate.notBefore.getTime() <= nowMs &&
    certificate.notAfter.getTime() - nowMs >= serverDaysMax * dayMs
  )
}

/** Does this server certificate still serve: of this authority and key, for this name, and for more than the days in which it is renewed? */
export async function serverStands(
  server: KeyedCertificate,
  authority: KeyedCertificate,
  name: string,
  nowMs: number,
): Promise<boolean> {
  if (!server.certificate.endsWith(authority.certificate)) return false
  const certificate = new X509Certificate(server.certificate)
  const issuer = new X509Certificate(authority.certificate)
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? []
  return (
    (await certificate.verify({ publicKey: issuer.publicKey, signatureOnly: true }, subtleOwner)) &&
    spkiPin(server.certificate) === pinOfKey(server.key) &&
    names.length === 1 &&
    names[0]?.value === name &&
    certificate.notBefore.getTime() <= nowMs &&
    certificate.notAfter.getTime() - nowMs >= renewDays * dayMs
  )
}

/** The same WebCrypto under the type that the package asks for. */
const subtleOwner = webcrypto as unknown as Crypto
const { subtle } = subtleOwner

const newKeys = (): Promise<CryptoKeyPair> => subtle.generateKey(algorithm, true, ['sign', 'verify'])

async function keysOf(pem: string): Promise<CryptoKeyPair> {
  const [pkcs8] = PemConverter.decode(pem)
  const privateKey = await subtle.importKey('pkcs8', pkcs8 ?? new ArrayBuffer(0), algorithm, true, ['sign'])
  const { kty, crv, x, y } = await subtle.exportKey('jwk', privateKey)
  const publicKey = await subtle.importKey('jwk', { kty, crv, x, y } as JsonWebKey, algorithm, true, ['verify'])
  return { privateKey, publicKey }
}

const pemOfKey = async (key: CryptoKey): Promise<string> =>
  `${PemConverter.encode(await subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`

const pemOf = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`

/** 126 random bits: positive, and of one length. */
function serialOf(random: Random): string {
  const bytes = random.bytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return toHex(bytes)
}
