import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  authorizationOf,
  chooseChallenge,
  type DigestInput,
  digestResponse,
  parseAuthHeader,
} from '../../../../edge/devices/digest.ts'

/** RFC 7616, 3.9.1: "Example with SHA-256 and MD5". */
const example = {
  username: 'Mufasa',
  password: 'Circle of Life',
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  nonceCount: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  method: 'GET',
  uri: '/dir/index.html',
} as const
const md5 = '8ca523f5e9506fed4657c9700eebdbec'
const sha256 = '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'
const challengeOf = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${example.nonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`

describe('RFC 7616', () => {
  test('the answers of example 3.9.1 are reproduced', () => {
    expect(digestResponse({ ...example, algorithm: 'MD5' })).toBe(md5)
    expect(digestResponse({ ...example, algorithm: 'SHA-256' })).toBe(sha256)
  })

  const changes: [string, Partial<DigestInput>][] = [
    ['password', { password: 'Circle of life' }],
    ['user', { username: 'mufasa' }],
    ['realm', { realm: 'http-auth@example.com' }],
    ['nonce', { nonce: `${example.nonce}x` }],
    ['nonce count', { nonceCount: 2 }],
    ['client nonce', { cnonce: `${example.cnonce}x` }],
    ['method', { method: 'HEAD' }],
    ['address', { uri: '/dir/index.htm' }],
    ['algorithm', { algorithm: 'SHA-256' }],
  ]
  test.each(changes)('must fail: with another %s the answer is another one', (_name, change) => {
    expect(digestResponse({ ...example, algorithm: 'MD5', ...change })).not.toBe(md5)
  })

  test('the header of the example is what we send', () => {
    const challenge = chooseChallenge(challengeOf('SHA-256'))
    if (!challenge) throw new Error('no challenge')
    const [header] = parseAuthHeader(authorizationOf(challenge, { ...example, algorithm: 'SHA-256' }))
    expect(header?.scheme).toBe('Digest')
    expect(Object.fromEntries(header?.parameters ?? [])).toEqual({
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      uri: '/dir/index.html',
      algorithm: 'SHA-256',
      nonce: example.nonce,
      nc: '00000001',
      cnonce: example.cnonce,
      qop: 'auth',
      response: sha256,
      opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
    })
  })
})

describe('challenges', () => {
  test('of two, in one header or two, the stronger is answered', () => {
    expect(chooseChallenge(`${challengeOf('MD5')}, ${challengeOf('SHA-256')}`)?.algorithm).toBe('SHA-256')
    expect(chooseChallenge(`Basic realm="x", ${challengeOf('MD5')}`)?.algorithm).toBe('MD5')
  })

  test.each([
    ['Basic', 'Basic realm="camera"'],
    ['none', ''],
    ['Digest without qop', 'Digest realm="r", nonce="n"'],
    ['Digest with auth-int alone', 'Digest realm="r", nonce="n", qop="auth-int"'],
    ['a session variant', 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess'],
    ['an unknown algorithm', 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-1'],
    ['no nonce', 'Digest realm="r", qop="auth"'],
    ['an empty nonce', 'Digest realm="r", qop="auth", nonce=""'],
  ])('must fail: %s is not answered', (_name, header) => {
    expect(chooseChallenge(header)).toBe(null)
  })

  test('without an algorithm it is MD5, names and words in any case, quotes inside quotes', () => {
    const header = 'dIGEST REALM="a \\"b\\", c", NONCE=abc, QOP=auth, stale=TRUE'
    expect(chooseChallenge(header)).toEqual({
      algorithm: 'MD5',
      realm: 'a "b", c',
      nonce: 'abc',
      opaque: null,
      isStale: true,
    })
  })

  test('quotes in a name cannot end it, and a name beyond ASCII is sent in its own form', () => {
    const challenge = chooseChallenge(challengeOf('MD5'))
    if (!challenge) throw new Error('no challenge')
    const send = (username: string) => authorizationOf(challenge, { ...example, algorithm: 'MD5', username })
    expect(parseAuthHeader(send('a", uri="/x'))[0]?.parameters.get('username')).toBe('a", uri="/x')
    expect(send('张三')).toContain("username*=UTF-8''%E5%BC%A0%E4%B8%89,")
  })

  test('any header gives an answer, in little time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (text) => {
        chooseChallenge(text)
        chooseChallenge(`Digest ${text}`)
      }),
      { seed: 20_261_121 },
    )
    for (const text of [
      '"'.repeat(20_000),
      'a='.repeat(20_000),
      `Digest a="${'\\'.repeat(20_000)}`,
      ', '.repeat(20_000),
    ])
      expect(chooseChallenge(text)).toBe(null)
  })
})
