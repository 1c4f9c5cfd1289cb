import { describe, expect, it } from 'vitest'
import { Fault } from '#protocols/errors.ts'
import { callFailureOf } from '../../../../client/desk/logic/call-failure.ts'
import { bytesOfBase64 } from '../../../../client/desk/logic/compare.ts'

describe('answers of the gateway', () => {
  it('without contact nothing is said to be on its way, since nothing is', () => {
    expect(callFailureOf(new Fault('gateway/unavailable'))).toEqual({ code: 'request/needs-gateway', detail: {} })
    expect(callFailureOf(new Fault('session/denied', { reason: 'x' }))).toEqual({
      code: 'session/denied',
      detail: { reason: 'x' },
    })
  })

  it('a picture is the bytes that its text stands for', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    expect(bytesOfBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes)
    expect(() => bytesOfBase64('no base64!')).toThrow()
  })
})
