/** One photo as the grid shows it. */
import type { FileRow } from '../data/api.ts'

export interface ShownPhoto {
  readonly id: string
  readonly row: FileRow
  /** Not yet with the gateway. */
  readonly pending: boolean
}
