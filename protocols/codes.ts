/** The code lists Outpost ships with (P15). A station may hold later editions as records; these are what it starts from and what a page
 *  shows before anything else has arrived. */
import { deviceKinds, paperStates } from './codes/device-kind.ts'
import { documentTypes } from './codes/document-type.ts'
import { dispositions, handlingRoles, intakeChannels } from './codes/incident.ts'
import { incidentGroups, incidentTypes } from './codes/incident-type.ts'
import { labels } from './codes/label.ts'
import type { CodeList } from './codes/list.ts'
import { notificationReasons } from './codes/notification-reason.ts'
import { identifiedBys, matchDecisions, personSources, sexes } from './codes/person.ts'
import { purposes } from './codes/purpose.ts'
import { ratingDimensions, ratingGrades, ratingTags } from './codes/rating.ts'
import { roleCodes } from './codes/role.ts'
import { unitKinds } from './codes/unit-kind.ts'
import { visitReasons } from './codes/visit-reason.ts'
import { type Locale, textOf } from './text/text.ts'

/** The only list of shipped lists, by key. */
export const codeLists: ReadonlyMap<string, CodeList> = new Map(
  [
    deviceKinds,
    dispositions,
    documentTypes,
    handlingRoles,
    identifiedBys,
    incidentGroups,
    incidentTypes,
    intakeChannels,
    labels,
    matchDecisions,
    notificationReasons,
    paperStates,
    personSources,
    purposes,
    ratingDimensions,
    ratingGrades,
    ratingTags,
    roleCodes,
    sexes,
    unitKinds,
    visitReasons,
  ].map((list): [string, CodeList] => [list.key, list]),
)

/** Throws for a key that is not shipped: keys stand in declarations, so that is a fault of ours. */
export function codeList(key: string): CodeList {
  const list = codeLists.get(key)
  if (!list) throw new Error(`code list "${key}" is not shipped`)
  return list
}

/** The word for a code. A code this edition does not know is shown as it is: a later edition may have made it. */
export function codeTitle(key: string, code: string, locale: Locale): string {
  const row = codeList(key).rows.find((each) => each.code === code)
  return row ? textOf(row, locale) : code
}
