/** S-20: both back-ends side by side, function by function, on the same arbitrary inputs, and both against @noble. */
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { argon2id } from '@noble/hashes/argon2.js'
import { blake2b } from '@noble/hashes/blake2.js'
import { toHex } from '#crypto/bytes.ts'
import { ready as wasmReady, sodium as wasm } from '#crypto/sodium.browser.ts'
import { ready as nativeReady, sodium as native } from '#crypto/sodium.node.ts'
import type { Sodium } from '#crypto/sodium.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'

await Promise.all([wasmReady, nativeReady])

/** Bytes that do not begin at the start of their buffer, as slices of a frame do. */
const placed = (bytes: Uint8Array): Uint8Array => {
  const buffer = new Uint8Array(bytes.length + 13)
  buffer.set(bytes, 7)
  return buffer.subarray(7, 7 + bytes.length)
}
const anyBytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength }).map(placed)
const message = anyBytes(0, 300)
const key = anyBytes(32)
const nonce = anyBytes(24)
const runs = { numRuns: 60, seed: 20 }

/** Both answers are equal, and are handed on. */
const both = <T>(run: (sodium: Sodium) => T): T => {
  const answer = run(native)
  expect(run(wasm)).toEqual(answer)
  return answer
}

test('the two back-ends are two', () => {
  expect([native.backEnd, wasm.backEnd]).toEqual(['native', 'wasm'])
})

test('generichash: equal on both and equal to BLAKE2b, with and without a key, of every length', () => {
  fc.assert(
    fc.property(message, fc.option(anyBytes(16, 64)), fc.integer({ min: 16, max: 64 }), (text, hashKey, length) => {
      const expected = blake2b(text, hashKey === null ? { dkLen: length } : { dkLen: length, key: hashKey })
      expect(both((sodium) => sodium.crypto_generichash(length, text, hashKey))).toEqual(expected)
    }),
    runs,
  )
})

test('generichash in pieces is generichash of the whole on both', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.option(anyBytes(16, 64)), (pieces, hashKey) => {
      const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]))
      const inPieces = both((sodium) => {
        const state = sodium.crypto_generichash_init(32, hashKey)
        for (const piece of pieces) sodium.crypto_generichash_update(state, piece)
        return sodium.crypto_generichash_final(state, 32)
      })
      expect(inPieces).toEqual(native.crypto_generichash(32, whole, hashKey))
    }),
    runs,
  )
})

test('sign: equal keys and signatures on both, equal to strict Ed25519, and each takes the signature of the other', () => {
  fc.assert(
    fc.property(key, message, (seed, text) => {
      const pair = both((sodium) => sodium.crypto_sign_seed_keypair(seed))
      expect(pair.publicKey).toEqual(ed25519.getPublicKey(seed))
      const signature = both((sodium) => sodium.crypto_sign_detached(text, pair.secretKey))
      expect(signature).toEqual(ed25519.sign(text, seed))
      expect(both((sodium) => sodium.crypto_sign_verify_detached(signature, text, pair.publicKey))).toBe(true)
      expect(ed25519.verify(signature, text, pair.publicKey, { zip215: false })).toBe(true)
    }),
    runs,
  )
})

test('verify: both and strict Ed25519 give the same verdict on altered signatures, messages and keys', () => {
  fc.assert(
    fc.property(
      key,
      anyBytes(1, 60),
      fc.nat(),
      fc.constantFrom(0, 1, 2),
      fc.integer({ min: 1, max: 255 }),
      (seed, text, at, which, bits) => {
        const pair = native.crypto_sign_seed_keypair(seed)
        const parts = [native.crypto_sign_detached(text, pair.secretKey), text.slice(), pair.publicKey]
        const altered = parts[which] as Uint8Array
        altered[at % altered.length] = (altered[at % altered.length] as number) ^ bits
        const [signature, said, publicKey] = parts as [Uint8Array, Uint8Array, Uint8Array]
        expect(both((sodium) => sodium.crypto_sign_verify_detached(signature, said, publicKey))).toBe(false)
        expect(ed25519.verify(signature, said, publicKey, { zip215: false })).toBe(false)
      },
    ),
    runs,
  )
})

test('verify: arbitrary signatures and keys are refused by both, and neither throws', () => {
  fc.assert(
    fc.property(anyBytes(64), message, key, (signature, text, publicKey) => {
      expect(both((sodium) => sodium.crypto_sign_verify_detached(signature, text, publicKey))).toBe(false)
    }),
    runs,
  )
})

test('box keys are equal on both and are X25519', () => {
  fc.assert(
    fc.property(key, (seed) => {
      const pair = both((sodium) => sodium.crypto_box_seed_keypair(seed))
      expect(pair.publicKey).toEqual(x25519.getPublicKey(pair.secretKey))
    }),
    runs,
  )
})

test('a box sealed by one back-end opens on the other', () => {
  fc.assert(
    fc.property(key, message, (seed, text) => {
      const { publicKey, secretKey } = native.crypto_box_seed_keypair(seed)
      for (const sealer of [native, wasm]) {
        const sealed = sealer.crypto_box_seal(text, publicKey)
        expect(sealed.length).toBe(text.length + 48)
        expect(both((sodium) => sodium.crypto_box_seal_open(sealed, publicKey, secretKey))).toEqual(
          Uint8Array.from(text),
        )
      }
    }),
    runs,
  )
})

test('a sealed box with arbitrary bytes is null on both', () => {
  fc.assert(
    fc.property(key, anyBytes(48, 200), (seed, sealed) => {
      const { publicKey, secretKey } = native.crypto_box_seed_keypair(seed)
      expect(both((sodium) => sodium.crypto_box_seal_open(sealed, publicKey, secretKey))).toBeNull()
    }),
    runs,
  )
})

test('scalarmult is equal on both, is X25519, and is the same from both ends', () => {
  fc.assert(
    fc.property(key, key, (seedA, seedB) => {
      const a = native.crypto_box_seed_keypair(seedA)
      const b = native.crypto_box_seed_keypair(seedB)
      const shared = both((sodium) => sodium.crypto_scalarmult(a.secretKey, b.publicKey))
      expect(shared).toEqual(x25519.getSharedSecret(a.secretKey, b.publicKey))
      expect(shared).toEqual(native.crypto_scalarmult(b.secretKey, a.publicKey))
    }),
    runs,
  )
})

/** The points of small order of Curve25519 and their second spellings: every secret times one of them is zero. */
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

test('scalarmult with a point of small order is null on both', () => {
  for (const point of smallOrder) {
    const publicKey = Uint8Array.from(point.match(/../g) as string[], (pair) => Number.parseInt(pair, 16))
    expect(
      both((sodium) => sodium.crypto_scalarmult(new Uint8Array(32).fill(9), publicKey)),
      point,
    ).toBeNull()
  }
})

test('aead: equal on both, equal to XChaCha20-Poly1305, and opens on both', () => {
  fc.assert(
    fc.property(message, anyBytes(0, 60), nonce, key, (text, ad, once, secret) => {
      const cipher = both((sodium) => sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(text, ad, once, secret))
      expect(cipher).toEqual(xchacha20poly1305(secret, once, ad).encrypt(text))
      expect(cipher).not.toEqual(chacha20poly1305(secret, once.subarray(0, 12), ad).encrypt(text))
      expect(both((sodium) => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(cipher, ad, once, secret))).toEqual(
        Uint8Array.from(text),
      )
    }),
    runs,
  )
})

test('aead: an altered ciphertext, nonce, key or additional data is null on both', () => {
  fc.assert(
    fc.property(
      message,
      anyBytes(1, 20),
      nonce,
      key,
      fc.nat(),
      fc.constantFrom(0, 1, 2, 3),
      (text, ad, once, secret, at, which) => {
        const parts = [native.crypto_aead_xchacha20poly1305_ietf_encrypt(text, ad, once, secret), ad, once, secret].map(
          (part) => part.slice(),
        )
        const altered = parts[which] as Uint8Array
        altered[at % altered.length] = (altered[at % altered.length] as number) ^ 1
        const [cipher, bound, used, with_] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
        expect(
          both((sodium) => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(cipher, bound, used, with_)),
        ).toBeNull()
      },
    ),
    runs,
  )
})

test('secretstream: what one pushes is what the other pushes and pulls, with tags', () => {
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 5 }),
      nonce,
      key,
      message,
      (pieces, header, secret, ad) => {
        const tagOf = (i: number): number => (i === pieces.length - 1 ? 3 : i % 3)
        const chunks = both((sodium) => {
          const state = sodium.crypto_secretstream_xchacha20poly1305_init(header, secret)
          const pushed = pieces.map((piece, i) =>
            sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, ad, tagOf(i)),
          )
          sodium.crypto_secretstream_xchacha20poly1305_free(state)
          return pushed
        })
        const pulled = both((sodium) => {
          const state = sodium.crypto_secretstream_xchacha20poly1305_init(header, secret)
          const opened = chunks.map((chunk) => sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, ad))
          sodium.crypto_secretstream_xchacha20poly1305_free(state)
          return opened
        })
        expect(pulled).toEqual(pieces.map((piece, i) => ({ message: Uint8Array.from(piece), tag: tagOf(i) })))
      },
    ),
    runs,
  )
})

test('secretstream: a state made for pulling pushes what libsodium itself pulls', async () => {
  const { createRequire } = await import('node:module')
  const raw = createRequire(import.meta.url)('sodium-native')
  const header = new Uint8Array(24)
  const secret = new Uint8Array(32).fill(4)
  const state = new Uint8Array(raw.crypto_secretstream_xchacha20poly1305_STATEBYTES)
  raw.crypto_secretstream_xchacha20poly1305_init_push(state, header, secret)
  const text = new Uint8Array(100).fill(5)
  const expected = new Uint8Array(117)
  raw.crypto_secretstream_xchacha20poly1305_push(state, expected, text, null, 3)
  const ours = both((sodium) => {
    const own = sodium.crypto_secretstream_xchacha20poly1305_init(header, secret)
    return sodium.crypto_secretstream_xchacha20poly1305_push(own, text, new Uint8Array(0), 3)
  })
  expect(toHex(ours)).toBe(toHex(expected))
})

test('secretstream: an altered chunk is null on both', () => {
  fc.assert(
    fc.property(message, nonce, key, fc.nat(), (text, header, secret, at) => {
      const pusher = native.crypto_secretstream_xchacha20poly1305_init(header, secret)
      const chunk = native.crypto_secretstream_xchacha20poly1305_push(pusher, text, new Uint8Array(0), 3)
      chunk[at % chunk.length] = (chunk[at % chunk.length] as number) ^ 1
      const answer = both((sodium) => {
        const state = sodium.crypto_secretstream_xchacha20poly1305_init(header, secret)
        return sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, new Uint8Array(0))
      })
      expect(answer).toBeNull()
    }),
    runs,
  )
})

test('secretstream: a freed state leaves its place in the WASM heap to the next one', () => {
  const places = Array.from({ length: 5 }, () => {
    const state = wasm.crypto_secretstream_xchacha20poly1305_init(new Uint8Array(24), new Uint8Array(32))
    wasm.crypto_secretstream_xchacha20poly1305_free(state)
    return state.state
  })
  expect(new Set(places).size).toBe(1)
})

test('kdf: equal on both and equal to BLAKE2b with number as salt and context as personalisation', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0x7fffffff }),
      fc.uint8Array({ minLength: 8, maxLength: 8, max: 127 }),
      key,
      (id, context, master) => {
        const salt = new Uint8Array(16)
        new DataView(salt.buffer).setUint32(0, id, true)
        const personalization = new Uint8Array(16)
        personalization.set(context)
        const expected = blake2b(new Uint8Array(0), { dkLen: 32, key: master, salt, personalization })
        expect(both((sodium) => sodium.crypto_kdf_derive_from_key(32, id, context, master))).toEqual(expected)
      },
    ),
    runs,
  )
})

test('pwhash: equal on both, off the event loop too, and equal to Argon2id', async () => {
  const salt = new Uint8Array(16).fill(3)
  const memBytes = 8 * 1024 * 1024
  for (const password of ['', '271828', '值班']) {
    const secret = new TextEncoder().encode(password)
    const expected = argon2id(secret, salt, { t: 2, m: memBytes / 1024, p: 1, dkLen: 32 })
    expect(both((sodium) => sodium.crypto_pwhash(32, secret, salt, 2, memBytes))).toEqual(expected)
    expect(await native.crypto_pwhash_async(32, secret, salt, 2, memBytes)).toEqual(expected)
    expect(await wasm.crypto_pwhash_async(32, secret, salt, 2, memBytes)).toEqual(expected)
  }
})

test('memzero wipes its own bytes and no neighbour, memcmp compares', () => {
  for (const sodium of [native, wasm]) {
    const whole = Uint8Array.of(1, 2, 3, 4, 5)
    sodium.memzero(whole.subarray(1, 4))
    expect(whole).toEqual(Uint8Array.of(1, 0, 0, 0, 5))
    expect(sodium.memcmp(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(sodium.memcmp(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
  }
})

test('a wrong call is an exception on both, never a failed check', () => {
  const short = new Uint8Array(31)
  for (const sodium of [native, wasm]) {
    expect(() =>
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        new Uint8Array(20),
        new Uint8Array(0),
        new Uint8Array(24),
        short,
      ),
    ).toThrow()
    expect(() => sodium.crypto_scalarmult(short, new Uint8Array(32))).toThrow()
    expect(() => sodium.crypto_secretstream_xchacha20poly1305_init(new Uint8Array(24), short)).toThrow()
    expect(() => sodium.crypto_pwhash(32, short, short, 2, 8 * 1024 * 1024)).toThrow()
  }
})
