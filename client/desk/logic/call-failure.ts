/** Why an answer of the gateway did not come. What is asked of it alone waits for nothing and is kept nowhere: without contact it says so in its own
 *  words, not in those of a change that is on its way. */
import { type Failure, failureOf } from '../../shared/ui/failure.ts'

export function callFailureOf(thrown: unknown): Failure {
  const failure = failureOf(thrown)
  return failure.code === 'gateway/unavailable' ? { code: 'request/needs-gateway', detail: {} } : failure
}
