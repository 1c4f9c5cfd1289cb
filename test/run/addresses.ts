/** Every http address that stands anywhere in a ready line, each once. Pure. */
export function addressesOf(value: unknown): string[] {
  if (typeof value === 'string') return /^https?:\/\//.test(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return [...new Set(Object.values(value).flatMap(addressesOf))]
}
