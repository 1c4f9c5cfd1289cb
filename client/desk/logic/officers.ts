/** Who can be given a visit: officers of this station, those on duty first, then whoever has least in hand. */
import type { RecordDoc } from '#protocols/record/doc.ts'
import type { Json } from '#protocols/record/value.ts'
import { textField } from './visit-view.ts'

export interface OfficerRow {
  readonly id: string
  readonly name: string
  readonly policeNumber: string
  readonly post: string
  readonly postEn: string
  readonly onDuty: boolean
  /** Visits assigned and not yet handled. */
  readonly open: number
}

const list = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : [])

/** Accounts named on shifts that run at `nowMs`; the same rule as the gateway's. */
export function onDutyAt(shifts: readonly RecordDoc[], nowMs: number): ReadonlySet<string> {
  const running = shifts.filter(({ fields, tracks }) => {
    const [from, until] = [fields['from'], fields['until']]
    return (
      tracks['duty'] !== 'ended' &&
      typeof from === 'number' &&
      typeof until === 'number' &&
      from <= nowMs &&
      nowMs < until
    )
  })
  return new Set(
    running.flatMap(({ fields }) => [
      ...(typeof fields['leader'] === 'string' ? [fields['leader']] : []),
      ...list(fields['officers']),
      ...list(fields['auxiliaries']),
    ]),
  )
}

/** Posts whose holders may sign for a visit: the officer's right to sign is bound to the role. */
const signingRoles = ['officer']

export function officerRows(
  accounts: readonly RecordDoc[],
  posts: readonly RecordDoc[],
  onDuty: ReadonlySet<string>,
  openVisits: readonly RecordDoc[],
): readonly OfficerRow[] {
  const postOf = new Map(posts.map((post) => [post.id, post]))
  const open = new Map<string, number>()
  for (const visit of openVisits) {
    const officer = textField(visit, 'officer')
    open.set(officer, (open.get(officer) ?? 0) + 1)
  }
  return accounts
    .filter((account) => account.tracks['account'] === 'active')
    .flatMap((account): OfficerRow[] => {
      const post = list(account.fields['posts'])
        .map((id) => postOf.get(id))
        .find((each) => signingRoles.includes(textField(each, 'role')))
      if (!post) return []
      return [
        {
          id: account.id,
          name: textField(account, 'name'),
          policeNumber: textField(account, 'policeNumber'),
          post: textField(post, 'name'),
          postEn: textField(post, 'nameEn') || textField(post, 'name'),
          onDuty: onDuty.has(account.id),
          open: open.get(account.id) ?? 0,
        },
      ]
    })
    .sort(
      (a, b) => Number(b.onDuty) - Number(a.onDuty) || a.open - b.open || (a.policeNumber < b.policeNumber ? -1 : 1),
    )
}

/** Rows that match what was typed: parts of the name or the police number. `first` (the person asked for) stands before all others. */
export function matchOfficers(
  rows: readonly OfficerRow[],
  typed: string,
  first: string | null = null,
): readonly OfficerRow[] {
  const wanted = typed.trim().toLowerCase()
  const found =
    wanted === ''
      ? rows
      : rows.filter((row) => row.name.toLowerCase().includes(wanted) || row.policeNumber.includes(wanted))
  const asked = found.find((row) => row.id === first)
  return asked ? [asked, ...found.filter((row) => row !== asked)] : found
}
