/** The closed list of domain labels (security.md, 2.4 and 2.5; lane.md). One label, one meaning: bytes made for one purpose must never verify,
 *  hash or open for another. A new purpose is a new line here; a line is never given a second meaning. */
import { BadBytes, concat, utf8 } from './bytes.ts'

export const labels = [
  // changes and the station's log
  'change',
  'change-id',
  'version',
  'leaf',
  'payload',
  'log-leaf',
  'log-node',
  'checkpoint',
  'receipt',
  'manifest',
  // people and devices
  'cert',
  'grant',
  'lease',
  'ticket',
  'device-login',
  'capture',
  'unlock',
  'revoke',
  'wipe',
  'removal',
  'policy',
  'release',
  // data at rest
  'kek',
  'wrap',
  'page',
  'row',
  'file',
  'list',
  // the lane
  'lane',
  'lane-key',
  'slip',
  'bundle',
  'bundle-key',
  'bundle-header',
  'bundle-chunk',
  'bundle-payload',
  'bundle-hash',
  'content',
  'approval',
  'index',
  'link',
  'datagram',
  'ledger',
] as const

export type Label = (typeof labels)[number]

const bytesByLabel = new Map<string, Uint8Array>(
  labels.map((label) => [label, concat(utf8(`outpost/1/${label}`), Uint8Array.of(0))]),
)

/** utf8('outpost/1/' + label) then one zero byte. The value is shared: do not write into it. Throws BadBytes for a label outside the list. */
export const labelBytes = (label: Label): Uint8Array => {
  const bytes = bytesByLabel.get(label)
  if (bytes === undefined) throw new BadBytes('label', 'one of the closed list', 'another')
  return bytes
}
