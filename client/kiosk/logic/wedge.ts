/** A scanner that behaves like a keyboard: characters come faster than anybody types and end with Enter. Listening to the page's keys needs no
 *  focused field, so no input method takes part and no keyboard of the system comes up. Pure: keys and times in, a text out. */

/** Slower than this between two keys is a person, or another beginning. */
export const gapMsMax = 80
const charsMin = 6
const charsMax = 120

export interface Wedge {
  /** Returns the scanned text when this key ended one. */
  feed(key: string, atMs: number): string | null
}

export function createWedge(): Wedge {
  let text = ''
  let lastMs = 0
  return {
    feed(key, atMs) {
      if (atMs - lastMs > gapMsMax) text = ''
      lastMs = atMs
      if (key === 'Enter') {
        const scanned = text
        text = ''
        return scanned.length >= charsMin ? scanned : null
      }
      // Shift and its like come between two characters.
      if (key.length === 1 && text.length < charsMax) text += key
      return null
    },
  }
}
