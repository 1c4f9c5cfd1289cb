/** HTTP digest authentication (RFC 7616) with qop=auth, as cameras ask for it. Only what is needed to answer, and what a server needs to check an
 *  answer. It must never fall back: no Basic, no challenge without qop, no session variants. MD5 is there because most cameras know nothing else;
 *  it protects a password on a cable, not a picture on a network. SHA-512-256 is left out: the standard's own example (3.9.2) was made with another
 *  hash than the one it names (its user hash is SHA-512 cut to 256 bits, recomputed), so nobody can say what a camera means by it. */
import { createHash } from 'node:crypto'

export const digestAlgorithms = ['SHA-256', 'MD5'] as const
export type DigestAlgorithm = (typeof digestAlgorithms)[number]

export interface DigestChallenge {
  readonly algorithm: DigestAlgorithm
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | null
  /** The answer was right and the nonce too old: ask again with this one. */
  readonly isStale: boolean
}

export interface DigestInput {
  readonly algorithm: DigestAlgorithm
  readonly username: string
  readonly password: string
  readonly realm: string
  readonly nonce: string
  /** How often this nonce has been used, from 1. */
  readonly nonceCount: number
  readonly cnonce: string
  readonly method: string
  /** Path and query, as in the request line. */
  readonly uri: string
}

/** The `response` of 3.4.1 for qop=auth, lowercase hex. */
export function digestResponse(input: DigestInput): string {
  const { algorithm, username, password, realm, nonce, cnonce, method, uri } = input
  const h = (text: string) => digestHash(algorithm, text)
  const ha1 = h(`${username}:${realm}:${password}`)
  const ha2 = h(`${method}:${uri}`)
  return h([ha1, nonce, nonceCountText(input.nonceCount), cnonce, 'auth', ha2].join(':'))
}

/** The value of an Authorization header (3.4). */
export function authorizationOf(challenge: DigestChallenge, input: DigestInput): string {
  const { username, realm } = input
  const isPlain = /^[\x20-\x7e]*$/.test(username)
  const parts = [
    isPlain ? `username=${quoted(username)}` : `username*=UTF-8''${encodeURIComponent(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(input.nonce)}`,
    `uri=${quoted(input.uri)}`,
    `algorithm=${input.algorithm}`,
    'qop=auth',
    `nc=${nonceCountText(input.nonceCount)}`,
    `cnonce=${quoted(input.cnonce)}`,
    `response=${quoted(digestResponse(input))}`,
  ]
  if (challenge.opaque !== null) parts.push(`opaque=${quoted(challenge.opaque)}`)
  return `Digest ${parts.join(', ')}`
}

/** The strongest challenge of a WWW-Authenticate header that we answer; null when there is none. */
export function chooseChallenge(header: string): DigestChallenge | null {
  const offered = parseAuthHeader(header).flatMap(({ scheme, parameters }) => {
    const challenge = scheme.toLowerCase() === 'digest' ? readChallenge(parameters) : null
    return challenge ? [challenge] : []
  })
  for (const algorithm of digestAlgorithms) {
    const found = offered.find((challenge) => challenge.algorithm === algorithm)
    if (found) return found
  }
  return null
}

function readChallenge(parameters: ReadonlyMap<string, string>): DigestChallenge | null {
  const { realm, nonce, opaque = null, qop = '', algorithm = 'MD5', stale } = Object.fromEntries(parameters)
  const known = digestAlgorithms.find((name) => name === algorithm.toUpperCase())
  const hasAuth = qop.split(',').some((word) => word.trim().toLowerCase() === 'auth')
  if (!known || !hasAuth || realm === undefined || !nonce) return null
  return {
    algorithm: known,
    realm,
    nonce,
    opaque,
    isStale: stale?.toLowerCase() === 'true',
  }
}

export interface AuthHeader {
  readonly scheme: string
  /** Names in lower case. A name that stands twice counts once, the first. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Reads a header of challenges or one of credentials (RFC 9110, 11.2 to 11.4). What cannot be read ends the list; at most 16 KiB are looked at. */
export function parseAuthHeader(header: string): readonly AuthHeader[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = []
  const piece =
    /[\s,]*(?:([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([!#$%&'*+.^_`|~\w-]+)(?=\s|,|$))/y
  const text = header.slice(0, headerCharsMax)
  for (let match = piece.exec(text); match; match = piece.exec(text)) {
    const [, name, quotedValue, plainValue, scheme] = match
    if (scheme !== undefined) found.push({ scheme, parameters: new Map() })
    else if (name !== undefined) {
      const parameters = found.at(-1)?.parameters
      const value = quotedValue?.replaceAll(/\\(.)/g, '$1') ?? plainValue ?? ''
      if (parameters && !parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value)
    }
  }
  return found
}

const headerCharsMax = 16 * 1024
const hashNames = { MD5: 'md5', 'SHA-256': 'sha256' } as const
const digestHash = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(hashNames[algorithm]).update(text, 'utf8').digest('hex')
const nonceCountText = (count: number) => count.toString(16).padStart(8, '0')
const quoted = (text: string) => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`
