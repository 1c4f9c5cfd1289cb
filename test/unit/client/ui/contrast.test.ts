import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../../../../client/shared/styles/tokens.css', import.meta.url), 'utf8')
const block = (selector: string): Record<string, string> => {
  const body = css.slice(css.indexOf(`${selector} {`)).split('\n}')[0] ?? ''
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  )
}
const light = block(':root')
const themes = { light, dark: { ...light, ...block(":root[data-theme='dark']") } } as const

/** WCAG 2.2, relative luminance of an sRGB colour. */
const luminance = (colour: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

const texts = ['text', 'text-soft', 'text-faint'].flatMap((ink) =>
  ['ground', 'surface', 'sunken'].map((paper) => [ink, paper] as const),
)
const statuses = ['ok', 'wait', 'bad', 'info', 'off'].flatMap((tone) => [
  [tone, `${tone}-soft`] as const,
  [tone, 'surface'] as const,
  ['text', `${tone}-soft`] as const,
  ['text-soft', `${tone}-soft`] as const,
])
const accents = [
  ['accent', 'ground'],
  ['accent', 'surface'],
  ['accent', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-press'],
  ['on-demo', 'demo'],
  ['ground', 'text'],
  ['surface', 'bad'],
] as const

describe.each(['light', 'dark'] as const)('colours, %s', (theme) => {
  const colours = themes[theme]

  it.each([...texts, ...statuses, ...accents])('%s on %s can be read (4.5 : 1)', (ink, paper) => {
    const [a, b] = [colours[ink], colours[paper]]
    if (!a || !b) throw new Error(`no token ${a ? paper : ink}`)
    expect(contrast(a, b)).toBeGreaterThanOrEqual(4.5)
  })

  it.each([
    ['line-strong', 'surface'],
    ['line-strong', 'ground'],
    ['accent', 'surface'],
  ] as const)('%s on %s shows its edge (3 : 1)', (ink, paper) => {
    expect(contrast(colours[ink] ?? '', colours[paper] ?? '')).toBeGreaterThanOrEqual(3)
  })
})

it('the measure itself is right', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

it('no file of a client names a colour but the tokens', async () => {
  const { readdirSync } = await import('node:fs')
  const root = new URL('../../../../client/', import.meta.url).pathname
  const owned = ['handheld', 'shared']
  const files = owned.flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(vue|css)$/.test(entry.name) && entry.name !== 'tokens.css')
      .map((entry) => `${entry.parentPath}/${entry.name}`),
  )
  expect(files.length).toBeGreaterThan(30)
  const coloured = files.filter((file) =>
    /#[0-9a-f]{3,8}\b(?!['"])|\b(rgb|hsl)a?\(/i.test(
      readFileSync(file, 'utf8').replaceAll(/<script[\s\S]*?<\/script>|<template>[\s\S]*<\/template>/g, ''),
    ),
  )
  expect(coloured).toEqual([])
})
