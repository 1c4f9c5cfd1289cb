/** Words for every code of protocols/errors.ts. A code without words does not compile, and a test looks for it too. */
import type { ErrorCode } from '../errors.ts'
import { changeErrors } from './errors/change.ts'
import { deviceErrors } from './errors/devices.ts'
import { gatewayErrors } from './errors/gateway.ts'
import { hubErrors } from './errors/hub.ts'
import { laneErrors } from './errors/lane.ts'
import { peopleErrors } from './errors/people.ts'
import type { ErrorWords } from './errors/words.ts'
import { type Locale, textOf } from './text.ts'

export type { ErrorWords } from './errors/words.ts'

export const errorWords: Readonly<Record<ErrorCode, ErrorWords>> = {
  ...changeErrors,
  ...peopleErrors,
  ...gatewayErrors,
  ...deviceErrors,
  ...laneErrors,
  ...hubErrors,
}

/** Three sentences in one language. A code that another version made gets the words of an inner fault; show the code beside them. */
export function errorText(code: string, locale: Locale): { happened: string; kept: string; todo: string } {
  const words = Object.hasOwn(errorWords, code) ? errorWords[code as ErrorCode] : errorWords['internal/fault']
  return {
    happened: textOf(words.happened, locale),
    kept: textOf(words.kept, locale),
    todo: textOf(words.todo, locale),
  }
}
