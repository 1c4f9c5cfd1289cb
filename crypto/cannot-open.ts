/** The one failure of everything that opens: wrong key, wrong label, altered, cut, too short. It must never say which of them it was: a reason
 *  would tell an attacker how far a forgery got. */
export class CannotOpen extends Error {
  readonly code = 'crypto/cannot-open'
  constructor() {
    super('crypto/cannot-open')
    this.name = 'CannotOpen'
  }
}
