/** How the numbers of people stand in lists, on kiosks and on slips (domain rule R6). A mask is for eyes: whoever may not have the
 *  number must not be sent it. */

/** Keeps the first three and the last four characters; what is too short for that keeps its last character alone.
 *  `11010519491231002X` becomes `110***********002X`. The length stays visible. */
export function maskNumber(number: string): string {
  const characters = [...number]
  const shown = characters.length >= 10 ? { head: 3, tail: 4 } : { head: 0, tail: 1 }
  return characters
    .map((c, index) => (index < shown.head || index >= characters.length - shown.tail ? c : '*'))
    .join('')
}
