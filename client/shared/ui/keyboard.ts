/** Keys of a face that is worked by keyboard. Plain letters act only where nobody is typing, and not while a dialog of the page is open. */
import { onScopeDispose } from 'vue'

/** 'a', '?', 'Enter', 'Ctrl+k'. A letter comes in small; Shift is not named, since it makes another character by itself. Null for keys with
 *  another modifier, which belong to the browser or the system. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string | null {
  if (event.altKey) return null
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return event.ctrlKey || event.metaKey ? `Ctrl+${key}` : key
}

const typingRoles = ['textbox', 'searchbox', 'combobox', 'spinbutton']

/** Does this element take plain keys for itself? */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || typingRoles.includes(target.getAttribute('role') ?? '')) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** The page's own keys. take answers true when the key was used; it is then kept from the browser. */
export function useKeys(take: (key: string, event: KeyboardEvent) => boolean): void {
  const onKey = (event: KeyboardEvent) => {
    const key = event.isComposing || event.defaultPrevented ? null : keyOf(event)
    if (key === null || document.querySelector('dialog[open]')) return
    if (isTyping(event.target) && !key.startsWith('Ctrl+') && key !== 'Escape') return
    if (take(key, event)) event.preventDefault()
  }
  document.addEventListener('keydown', onKey)
  onScopeDispose(() => document.removeEventListener('keydown', onKey))
}
