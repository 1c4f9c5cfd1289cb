/** History of the wire. A release adds a row when what travels between two machines changes shape; the meta test of the wire notices a change
 *  of shape without one. A machine speaks every version from the floor on and refuses others with 'wire/version-unknown'. */
export interface WireVersion {
  readonly version: number
  /** What is different for whoever reads or writes the bytes. */
  readonly changed: string
}

export const wireHistory = [
  { version: 1, changed: 'First form: changes, receipts, feed, manifest, bundles, payloads of devices.' },
] as const satisfies readonly WireVersion[]

export const wireVersion: number = wireHistory[wireHistory.length - 1]?.version ?? 0
export const wireVersionFloor = 1
