/** Any thrown thing as a code with details. A Fault that crossed from the worker has lost its class, so its code is looked at, not its type. */
import { type ErrorCode, type ErrorDetail, errorCodes } from '#protocols/errors.ts'

export interface Failure {
  readonly code: ErrorCode
  readonly detail: ErrorDetail
}

export function failureOf(thrown: unknown): Failure {
  const { code, detail } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as {
    code?: unknown
    detail?: unknown
  }
  if (typeof code !== 'string' || !Object.hasOwn(errorCodes, code)) return { code: 'internal/fault', detail: {} }
  return {
    code: code as ErrorCode,
    detail: typeof detail === 'object' && detail !== null ? (detail as ErrorDetail) : {},
  }
}
