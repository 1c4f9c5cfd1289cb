/** Warnings of a reading in words; an unknown one of a later gateway still says that it blocks nothing. */
const keys: Readonly<Record<string, string>> = {
  'document/expired': 'expired',
  'document/not-yet-valid': 'notYet',
  'document/contradiction': 'contradiction',
}

/** Key under 'warning.'. */
export const warningKey = (code: string): string => keys[code] ?? 'other'
