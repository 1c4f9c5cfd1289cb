import { create } from 'qrcode'
import { describe, expect, it } from 'vitest'
import { drawQr } from '../../../../client/desk/logic/qr.ts'
import { isLoopback, ticketFaces, ticketLink, ticketOf } from '../../../../client/desk/ticket-link.ts'

const ticket = 'wx_zy0opSWIVHuhtim6MKA'

describe('the enrolment link', () => {
  it('leads back to its ticket, whatever face it is for', () => {
    for (const face of ticketFaces) expect(ticketOf(ticketLink('https://station.example', face, ticket))).toBe(ticket)
  })

  it('keeps the ticket in the fragment, which no server sees', () => {
    for (const face of ticketFaces) {
      const url = new URL(ticketLink('https://station.example', face, ticket))
      expect(url.hash).toContain(ticket)
      expect(url.pathname + url.search).not.toContain(ticket)
    }
    expect(ticketLink('https://station.example', 'handheld', ticket)).toBe(`https://station.example/h/#enrol=${ticket}`)
  })

  it.each(['', '#/visits', '#enrol=short', '#enrol=with space in it is no ticket', `#enrol=${ticket}&more`])(
    '%s is no ticket',
    (fragment) => {
      expect(ticketOf(fragment)).toBeNull()
    },
  )

  it.each([
    ['127.0.0.1', true],
    ['localhost', true],
    ['[::1]', true],
    ['desk.localhost', true],
    ['station.example', false],
    ['192.0.2.7', false],
  ])('%s is this machine alone: %s', (host, only) => {
    expect(isLoopback(host)).toBe(only)
  })
})

describe('the drawing of a QR code', () => {
  it('fills exactly the dark modules, inside a quiet zone of four', () => {
    const text = ticketLink('https://station.example', 'handheld', ticket)
    const { modules } = create(text, { errorCorrectionLevel: 'M' })
    const { size, path } = drawQr(text)
    expect(size).toBe(modules.size + 8)
    const dark = new Set<string>()
    for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
      for (let i = 0; i < Number(run); i++) dark.add(`${Number(x) + i} ${y}`)
    const expected = new Set<string>()
    for (let y = 0; y < modules.size; y++)
      for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) expected.add(`${x + 4} ${y + 4}`)
    expect(dark).toEqual(expected)
    expect(path.replaceAll(/M\d+ \d+h(\d+)v1h-\1z/g, '')).toBe('')
  })
})
