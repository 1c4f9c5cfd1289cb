import { createSeededRandom } from '#crypto/seeded-random.ts'
import { ready } from '#crypto/sodium'
import { sixWords, wordsEn, wordsZh } from '#crypto/words.ts'
import { expect, test } from 'vitest'

await ready

test('both lists have 256 different words of one form', () => {
  expect(new Set(wordsEn).size).toBe(256)
  expect(new Set(wordsZh).size).toBe(256)
  expect(wordsEn.length + wordsZh.length).toBe(512)
  for (const word of wordsEn) expect(word).toMatch(/^[a-z]{2,8}$/)
  for (const word of wordsZh) expect(word).toMatch(/^\p{Script=Han}{2}$/u)
})

test('no two English words are one letter apart and no two Chinese words are one another backwards', () => {
  const near = (a: string, b: string): boolean =>
    a.length === b.length && [...a].filter((letter, i) => letter !== b[i]).length === 1
  const pairs = wordsEn.flatMap((a, i) => wordsEn.slice(i + 1).map((b) => [a, b] as const))
  expect(pairs.filter(([a, b]) => near(a, b)).map((pair) => pair.join(' '))).toEqual([])
  const backwards = (word: string): string => [...word].reverse().join('')
  expect(wordsZh.filter((word) => backwards(word) !== word && wordsZh.includes(backwards(word)))).toEqual([])
})

test('the words in two languages say the same bytes', () => {
  const random = createSeededRandom('words')
  for (let i = 0; i < 50; i++) {
    const hash = random.bytes(32)
    const [en, zh] = [sixWords(hash), sixWords(hash, 'zh-CN')]
    expect(en.map((word) => wordsEn.indexOf(word))).toEqual([...hash.subarray(0, 6)])
    expect(zh.map((word) => wordsZh.indexOf(word))).toEqual([...hash.subarray(0, 6)])
  }
})

test('one bit of the first six bytes changes a word', () => {
  const hash = new Uint8Array(32)
  for (let bit = 0; bit < 48; bit++) {
    const other = hash.slice()
    other[bit >> 3] = 1 << (bit & 7)
    expect(sixWords(other)).not.toEqual(sixWords(hash))
  }
})
