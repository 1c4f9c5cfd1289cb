/** What moves bundles from one place to another. A carrier judges nothing but whether it can carry: everything that judges a byte is pure and lies
 *  in lane/. Every implementation runs the acceptance suite test/suites/carrier.ts. */

/** The bytes of one `.owb` file. A name is not part of it: nothing may be taken from one. */
export interface OwbFile {
  readonly bytes: Uint8Array
}

/** Resolved: the file is taken over or known, and will not be offered again. Rejected with a Fault of retry 'never': refused for good, with its
 *  code. Rejected with anything else: not now, it is offered again. */
export type CarrierSink = (file: OwbFile) => Promise<void>

export interface Carrier {
  /** 'taken' means handed over, never received. 'busy': offer it again later. niceness: lane/bundle.ts.
   *  Throws Fault 'lane/length' or 'lane/header' for bytes that are no bundle, 'store/disk-full' and 'lane/file-unlike' for a medium that does
   *  not hold what was written; then nothing can be received of it. */
  offer(file: OwbFile, niceness: number): Promise<'taken' | 'busy'>
  /** Hands each arrived file to the sink, one at a time, until closed. One receiver a carrier. */
  receive(sink: CarrierSink): Promise<{ close(): Promise<void> }>
}
