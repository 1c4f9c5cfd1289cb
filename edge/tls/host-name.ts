/** The one host name of a station, and which Host headers are its own. A page that another name or a bare address leads to has another origin:
 *  other storage, other keys; and a name of a stranger that resolves to us (DNS rebinding) must get nothing. */

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const loopbackNames = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** Lower case, or null: not a host name, an address, or a name of loopback. */
export function hostNameOf(text: string): string | null {
  const name = text.toLowerCase()
  const labels = name.split('.')
  const last = labels.at(-1) ?? ''
  if (name.length > 253 || !labels.every((each) => label.test(each))) return null
  // The last label of a name is never a number, so that no address passes (RFC 3696, 2).
  return /^[0-9]+$/.test(last) || last === 'localhost' ? null : name
}

/** name: null for a gateway on loopback, reached by any port, as through a forwarded one. */
export function isOwnHost(host: string, name: string | null, port: number): boolean {
  const lower = host.toLowerCase()
  if (name !== null) return lower === name || lower === `${name}:${port}`
  const hostname = lower.replace(/:\d{1,5}$/, '')
  return loopbackNames.has(hostname) || hostname.endsWith('.localhost')
}
