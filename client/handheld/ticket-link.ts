/** The enrolment link carries the ticket in its fragment, which no server sees: /h/#enrol=<ticket>. */
export function ticketOf(fragment: string): string | null {
  const found = /^#enrol=([A-Za-z0-9_-]{16,64})$/.exec(fragment)
  return found?.[1] ?? null
}
