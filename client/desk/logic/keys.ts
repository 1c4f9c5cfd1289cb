/** The keys of the desk: one table for what a key does, for the help and for the caps on buttons. */
import type { DeskAct } from './visit-acts.ts'
import type { ListName } from './visit-lists.ts'

export const deskActKeys: Readonly<Record<DeskAct, string>> = {
  arrive: 'g',
  identify: 'i',
  checkIn: 'e',
  assign: 'a',
  checkOut: 'o',
  comeBack: 's',
  stepOut: 's',
  transfer: 't',
  handBack: 'h',
  close: 'z',
  reopen: 'w',
  refuseEntry: 'r',
  leaveUnregistered: 'u',
  cancel: 'y',
}

export const listKeys: Readonly<Record<ListName, string>> = { waiting: '1', inside: '2', inHand: '3', today: '4' }

export const placeKeys = { visits: 'v', muster: 'm', devices: 'd', ticket: 'n', refused: 'x' } as const

export const generalKeys = { search: '/', help: '?', palette: 'Ctrl+k', many: 'b', lock: 'l', print: 'p' } as const

/** How a key stands on its cap. */
export function capOf(key: string): string {
  const named: Readonly<Record<string, string>> = {
    ArrowUp: '↑',
    ArrowDown: '↓',
    Enter: '↵',
    Escape: 'Esc',
    ' ': 'Space',
  }
  if (key.startsWith('Ctrl+')) return `Ctrl ${capOf(key.slice(5))}`
  return named[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}

export interface KeyRow {
  /** Key of the catalogue, below `keys`. */
  readonly text: string
  readonly keys: readonly string[]
}
export interface KeyGroup {
  readonly name: 'general' | 'places' | 'list' | 'acts'
  readonly rows: readonly KeyRow[]
}

const row = (text: string, ...keys: string[]): KeyRow => ({ text, keys })

export const keyGroups: readonly KeyGroup[] = [
  {
    name: 'general',
    rows: [
      row('search', generalKeys.search),
      row('palette', generalKeys.palette),
      row('help', generalKeys.help),
      row('lock', generalKeys.lock),
      row('escape', 'Escape'),
    ],
  },
  {
    name: 'list',
    rows: [
      row('move', 'ArrowUp', 'ArrowDown'),
      row('openChosen', 'Enter'),
      row('lists', '1', '2', '3', '4'),
      row('many', generalKeys.many),
      row('mark', ' '),
    ],
  },
  {
    name: 'acts',
    rows: [
      row('identify', deskActKeys.identify),
      row('checkIn', deskActKeys.checkIn),
      row('assign', deskActKeys.assign),
      row('checkOut', deskActKeys.checkOut),
      row('step', deskActKeys.stepOut),
      row('leaveUnregistered', deskActKeys.leaveUnregistered),
      row('refuseEntry', deskActKeys.refuseEntry),
      row('transfer', deskActKeys.transfer),
      row('handBack', deskActKeys.handBack),
    ],
  },
  {
    name: 'places',
    rows: [
      row('visits', placeKeys.visits),
      row('muster', placeKeys.muster),
      row('print', generalKeys.print),
      row('devices', placeKeys.devices),
      row('ticket', placeKeys.ticket),
      row('refused', placeKeys.refused),
    ],
  },
]
