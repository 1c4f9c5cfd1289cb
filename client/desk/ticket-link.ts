/** The enrolment link carries the ticket in its fragment, which no server sees: /desk#enrol=<ticket>. */
export function ticketOf(fragment: string): string | null {
  const found = /#enrol=([A-Za-z0-9_-]{16,64})$/.exec(fragment)
  return found?.[1] ?? null
}

export const ticketFaces = ['handheld', 'kiosk', 'desk'] as const
export type TicketFace = (typeof ticketFaces)[number]

const addresses: Readonly<Record<TicketFace, string>> = { handheld: '/h/', kiosk: '/kiosk', desk: '/desk' }

/** What the new device opens. */
export const ticketLink = (origin: string, face: TicketFace, ticket: string): string =>
  `${origin}${addresses[face]}#enrol=${ticket}`

/** An address of this machine alone leads no other device here. */
export const isLoopback = (hostname: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname) || hostname.endsWith('.localhost')
