/** Lets a test call the methods of an object in the page and wait for values of its streams. Refusals come back as values. */
import { filter, firstValueFrom, isObservable, type Observable, throwError, timeout } from 'rxjs'

type Target = Record<string, unknown>
type Method = (...args: unknown[]) => unknown

// Long, for machines that do much else: a PIN alone takes seconds there.
const waitMs = 60_000

export function expose(target: object): void {
  const violations: string[] = []
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
    violations.push(`${violatedDirective} ${blockedURI} ${sourceFile}`)
  })
  const member = (name: string): unknown => (target as Target)[name]
  /** A stream, or what a method makes one. */
  const streamOf = (name: string, args: unknown[]): Observable<unknown> => {
    const found = member(name)
    return (isObservable(found) ? found : (found as Method).apply(target, args)) as Observable<unknown>
  }
  Object.assign(window, {
    violations,
    ask: async (name: string, args: unknown[]) => {
      try {
        return { ok: true, value: await (member(name) as Method).apply(target, args) }
      } catch (cause) {
        const { code, detail, message } = cause as { code?: string; detail?: object; message: string }
        return { ok: false, code: code ?? message, detail }
      }
    },
    until: (name: string, args: unknown[], path: string, wanted: unknown) =>
      firstValueFrom(
        streamOf(name, args).pipe(
          filter((value) => JSON.stringify(valueAt(value, path)) === JSON.stringify(wanted)),
          timeout({
            first: waitMs,
            with: () => throwError(() => new Error(`${name} ${path} never became ${JSON.stringify(wanted)}`)),
          }),
        ),
      ),
  })
}

const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (name === '' ? at : (at as Target | undefined)?.[name]), value)
