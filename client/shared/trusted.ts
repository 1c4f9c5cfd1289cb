/** The one Trusted Types policy (security.md, 10): script addresses of our own bundle, nothing else. A worker and the service worker are started
 *  with what it returns; it never passes a string of HTML or script. */
import { assert } from '#protocols/errors.ts'

/** Present where the browser enforces Trusted Types; typed here because the DOM library does not know it yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): {
    createScriptURL(address: string): unknown
  }
}

/** Same origin, a path to a script, and no query that could turn into another one. */
function ownScript(address: string): string {
  const url = new URL(address, location.href)
  assert(url.origin === location.origin, 'A script comes from our own origin.')
  assert(/\.(js|mjs|ts)$/.test(url.pathname), 'A script address names a script.')
  return url.href
}

const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
const policy = trustedTypes?.createPolicy('outpost', { createScriptURL: ownScript })

/** For `new Worker` and `serviceWorker.register`. What comes back is a TrustedScriptURL where there are such, typed as the string that both take. */
export const trustedScript = (address: string): string =>
  (policy ? policy.createScriptURL(address) : ownScript(address)) as string
