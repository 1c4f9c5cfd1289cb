import { expect, test } from 'vitest'
import { pictureTypeOf } from '#protocols/device/camera.ts'

test('the first bytes say what a picture is, and anything else is none', () => {
  expect(pictureTypeOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg')
  expect(pictureTypeOf(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))).toBe('image/png')
  expect(pictureTypeOf(new TextEncoder().encode('<html>'))).toBe(null)
  expect(pictureTypeOf(Uint8Array.of(0xff, 0xd8))).toBe(null)
  expect(pictureTypeOf(new Uint8Array())).toBe(null)
})
