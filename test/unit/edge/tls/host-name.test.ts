import { describe, expect, it } from 'vitest'
import { hostNameOf, isOwnHost } from '../../../../edge/tls/host-name.ts'

describe('a host name', () => {
  it.each([
    ['tingchao.test', 'tingchao.test'],
    ['Tingchao.Police.Internal', 'tingchao.police.internal'],
    ['gateway', 'gateway'],
    ['xn--fiqs8s', 'xn--fiqs8s'],
    ['a1.b-2', 'a1.b-2'],
  ])('%s is taken as %s', (text, name) => expect(hostNameOf(text)).toBe(name))

  it.each([
    '',
    '192.0.2.2',
    '10',
    '::1',
    '[::1]',
    'localhost',
    'desk.localhost',
    'a..b',
    'a.',
    '-a.b',
    'a-.b',
    'a b',
    'a_b.test',
    'a.test:8800',
    'a.test/x',
    '*.test',
    '听潮.test',
    `${'a'.repeat(64)}.test`,
    `${'a.'.repeat(130)}b`,
  ])('"%s" is refused', (text) => expect(hostNameOf(text)).toBeNull())
})

describe('a Host header', () => {
  it.each(['tingchao.test', 'tingchao.test:8800', 'TINGCHAO.test:8800'])('%s is the station', (host) =>
    expect(isOwnHost(host, 'tingchao.test', 8800)).toBe(true),
  )
  it.each([
    '',
    'other.test',
    'tingchao.test:8801',
    'tingchao.test.evil.test',
    'x.tingchao.test',
    'tingchao.test.',
    '127.0.0.1:8800',
    'localhost',
  ])('"%s" is not', (host) => expect(isOwnHost(host, 'tingchao.test', 8800)).toBe(false))

  it.each(['127.0.0.1:8800', 'localhost:8800', 'localhost', 'desk.localhost:1', '[::1]:8800'])(
    '%s is loopback',
    (host) => expect(isOwnHost(host, null, 8800)).toBe(true),
  )
  it.each(['evil.test', '127.0.0.1.evil.test', 'localhost.evil.test', '192.0.2.2:8800', ''])(
    'on loopback "%s" is a stranger: a name that was turned to us gets nothing',
    (host) => expect(isOwnHost(host, null, 8800)).toBe(false),
  )
})
