/** The chart library empties its box by assigning markup. Under Trusted Types a page may pass one string by a policy named 'default': here the empty
 *  one and no other, so that no text of anybody ever becomes markup. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(markup: string): string }): unknown
  readonly defaultPolicy: unknown
}

/** Throws for anything but nothing. */
export function onlyEmpty(markup: string): string {
  if (markup !== '') throw new TypeError('No text becomes markup.')
  return ''
}

export function allowEmptyMarkup(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  if (trustedTypes && !trustedTypes.defaultPolicy) trustedTypes.createPolicy('default', { createHTML: onlyEmpty })
}
