import { describe, expect, it } from 'vitest'
import { addressesOf } from '../../run/addresses.ts'

describe('the addresses of a ready line', () => {
  it('are found wherever they stand, each once', () => {
    const line = {
      ready: true,
      urls: { kiosk: 'http://localhost:1/kiosk', desk: 'http://localhost:1/desk' },
      hub: ['https://localhost:2/'],
      again: 'http://localhost:1/desk',
      pid: 7,
      none: null,
    }
    expect(addressesOf(line)).toEqual(['http://localhost:1/kiosk', 'http://localhost:1/desk', 'https://localhost:2/'])
    expect(addressesOf({ mqtt: 'mqtt://localhost:3' })).toEqual([])
    expect(addressesOf(null)).toEqual([])
  })
})
