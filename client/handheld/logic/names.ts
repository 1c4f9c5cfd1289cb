/** Names in lists stand masked: the family name alone, as people here are called out in a waiting hall. */
export function maskName(name: string): string {
  const characters = [...name.trim()]
  if (characters.length === 0) return ''
  // A name in Latin letters keeps each part's first letter.
  if (/^[\p{Script=Latin}\s.'-]+$/u.test(name))
    return name
      .trim()
      .split(/\s+/)
      .map((part) => `${[...part][0]}*`)
      .join(' ')
  return `${characters[0]}${'*'.repeat(Math.max(1, characters.length - 1))}`
}
