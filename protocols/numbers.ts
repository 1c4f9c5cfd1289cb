/** Numbers people know: of incidents, visits, events, tasks and files (domain.md 3.2). Each device mints them alone from serials granted to
 *  it beforehand, so it needs nobody while offline. Pure: whoever mints stores the new state in the same transaction as the number.
 *
 *  Why a number never returns: the pair (date, serial) only grows on one device, also when its clock is set back (it then goes on with the
 *  later date); ranges of two devices never overlap; a device that lost its state is given new ranges, never its old ones. */
import { isCalendarDate } from './documents/calendar.ts'
import { assert, type Refusal, refuse } from './errors.ts'

export type NumberKind = 'incident' | 'visit' | 'event' | 'task' | 'file'

/** Serials from..to, both inclusive, standing: they begin anew with each later date. */
export interface SerialBlock {
  readonly from: number
  readonly to: number
}

export interface NumberState {
  readonly kind: NumberKind
  readonly blocks: readonly SerialBlock[]
  /** 'YYYY-MM-DD' of the last number, '' before the first. */
  readonly lastDate: string
  readonly lastSerial: number
}

export interface MintedNumber {
  readonly ok: true
  readonly number: string
  readonly state: NumberState
  /** Serials left for this date. */
  readonly left: number
  /** Less than a fifth is left: ask for the next block now, and say so on the screen. */
  readonly low: boolean
}

export interface NumberRequest {
  /** 12 digits. */
  readonly unitCode: string
  readonly kind: NumberKind
  /** 'YYYY-MM-DD' at the station, of the corrected clock. */
  readonly dateText: string
}

export const numberLetters: Readonly<Record<NumberKind, string>> = {
  incident: '',
  visit: 'V',
  event: 'E',
  task: 'T',
  file: 'D',
}
export const defaultNumberTemplate = '{unit12}{letter}{yyyyMMdd}{serial4}'

/** Refuses with 'numbers/used-up' when no granted serial is left for the date. */
export function mintNumber(
  state: NumberState,
  request: NumberRequest,
  template: string = defaultNumberTemplate,
): MintedNumber | Refusal {
  assert(state.kind === request.kind, 'A number is minted from the blocks of its own kind.')
  assert(/^[0-9]{12}$/.test(request.unitCode), 'A unit code has twelve digits.')
  assert(isCalendarDate(request.dateText), 'A number carries a date that exists.')
  const isLater = request.dateText > state.lastDate
  const date = isLater ? request.dateText : state.lastDate
  const form = parseNumberTemplate(template)
  const free = freeAbove(state.blocks, isLater ? 0 : state.lastSerial, form.serialMax)
  const serial = free[0]?.from
  if (serial === undefined) return refuse('numbers/used-up', { kind: state.kind, date })
  const left = countSerials(free) - 1
  return {
    ok: true,
    number: form.print({ unitCode: request.unitCode, kind: request.kind, dateText: date, serial }),
    state: { ...state, lastDate: date, lastSerial: serial },
    left,
    low: left * 5 < countSerials(freeAbove(state.blocks, 0, form.serialMax)),
  }
}

/** A device's state with one more range. Throws when the range is empty or overlaps one it has: grants are checked where they are made. */
export function addBlock(state: NumberState, block: SerialBlock): NumberState {
  assert(Number.isSafeInteger(block.from) && Number.isSafeInteger(block.to), 'Serials are whole numbers.')
  assert(block.from >= 1 && block.from <= block.to, 'A block holds at least one serial and begins at 1 or later.')
  assert(!state.blocks.some((own) => overlaps(own, block)), 'Blocks never overlap.')
  return { ...state, blocks: [...state.blocks, block].sort((a, b) => a.from - b.from) }
}

/** The lowest free range of `size` serials beside all that were ever granted for a unit and kind, or null when the template has no room.
 *  granted: also those of devices that are gone, since a device thought lost may come back with numbers it minted. */
export function nextBlock(
  granted: readonly SerialBlock[],
  size: number,
  template: string = defaultNumberTemplate,
): SerialBlock | null {
  const { serialMax } = parseNumberTemplate(template)
  let from = 1
  for (const block of [...granted].sort((a, b) => a.from - b.from)) {
    if (block.from >= from + size) break
    from = Math.max(from, block.to + 1)
  }
  return from + size - 1 <= serialMax ? { from, to: from + size - 1 } : null
}

export interface NumberParts {
  readonly unitCode: string
  readonly kind: NumberKind
  readonly dateText: string
  readonly serial: number
}

export interface NumberForm {
  readonly serialMax: number
  print(parts: NumberParts): string
  /** Null for a text that this template cannot have made. */
  read(number: string): NumberParts | null
}

/** template: {unit12}, {letter}, {yyyyMMdd} or {yyMMdd} and {serial3}..{serial8}, each once, between capital letters, digits and hyphens.
 *  Throws on anything else: without one of the four, two numbers could be the same. */
export function parseNumberTemplate(template: string): NumberForm {
  const parts = /^(?:[A-Z0-9-]|\{[A-Za-z]+[0-9]*\})*$/.test(template) ? (template.match(/\{\w+\}|[^{]+/g) ?? []) : []
  const found = parts.filter((part) => part.startsWith('{')).map((part) => part.slice(1, -1))
  const serialName = found.find((name) => /^serial[3-8]$/.test(name)) ?? ''
  const dateName = found.includes('yyyyMMdd') ? 'yyyyMMdd' : 'yyMMdd'
  const wanted = ['unit12', 'letter', dateName, serialName]
  assert(
    found.length === 4 && wanted.every((name) => found.includes(name)),
    'A number template has unit12, letter, a date and a serial, each once.',
  )
  const serialDigits = Number(serialName.slice('serial'.length))
  const patterns: Readonly<Record<string, string>> = {
    unit12: '(?<unit>[0-9]{12})',
    letter: `(?<letter>[${Object.values(numberLetters).join('')}]?)`,
    [dateName]: `(?<date>[0-9]{${dateName.length}})`,
    [serialName]: `(?<serial>[0-9]{${serialDigits}})`,
  }
  const pattern = new RegExp(`^${parts.map((part) => patterns[part.slice(1, -1)] ?? part).join('')}$`)
  return {
    serialMax: 10 ** serialDigits - 1,
    print({ unitCode, kind, dateText, serial }) {
      const words: Readonly<Record<string, string>> = {
        unit12: unitCode,
        letter: numberLetters[kind],
        [dateName]: dateText.replaceAll('-', '').slice(-dateName.length),
        [serialName]: String(serial).padStart(serialDigits, '0'),
      }
      return parts.map((part) => words[part.slice(1, -1)] ?? part).join('')
    },
    read(number) {
      const groups = pattern.exec(number)?.groups
      if (!groups) return null
      const kind = kindOfLetter(groups['letter'] ?? '')
      const digits = (groups['date'] ?? '').padStart(8, '20')
      const dateText = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
      if (!kind || !isCalendarDate(dateText)) return null
      return { unitCode: groups['unit'] ?? '', kind, dateText, serial: Number(groups['serial']) }
    },
  }
}

/** How a number stands where its unit is plain: `000000010000202611090042` as `261109-0042`, a visit's as `V261109-0042`.
 *  Gives a number of another form back as it is. */
export function shortNumber(number: string, template: string = defaultNumberTemplate): string {
  const form = parseNumberTemplate(template)
  const parts = form.read(number)
  if (!parts) return number
  const serial = String(parts.serial).padStart(String(form.serialMax).length, '0')
  return `${numberLetters[parts.kind]}${parts.dateText.slice(2).replaceAll('-', '')}-${serial}`
}

const overlaps = (a: SerialBlock, b: SerialBlock) => a.from <= b.to && b.from <= a.to
const countSerials = (blocks: readonly SerialBlock[]) =>
  blocks.reduce((sum, block) => sum + block.to - block.from + 1, 0)
const kindOfLetter = (letter: string): NumberKind | undefined =>
  (Object.keys(numberLetters) as NumberKind[]).find((kind) => numberLetters[kind] === letter)

/** What is left of the blocks above a serial, lowest first. */
function freeAbove(blocks: readonly SerialBlock[], serial: number, serialMax: number): SerialBlock[] {
  return blocks
    .map((block) => ({ from: Math.max(block.from, serial + 1), to: Math.min(block.to, serialMax) }))
    .filter((block) => block.from <= block.to)
    .sort((a, b) => a.from - b.from)
}
