/** The only list of record types. */
import type { RecordDef } from '../record/define.ts'
import { account } from './account.ts'
import { codeList } from './code-list.ts'
import { device } from './device.ts'
import { handlingRecord } from './handling-record.ts'
import { intake } from './intake.ts'
import { invitation } from './invitation.ts'
import { notification } from './notification.ts'
import { person } from './person.ts'
import { post } from './post.ts'
import { rating } from './rating.ts'
import { shift } from './shift.ts'
import { task } from './task.ts'
import { unit } from './unit.ts'
import { visit } from './visit.ts'

export const recordDefs: ReadonlyMap<string, RecordDef> = new Map(
  [unit, post, account, shift, device, codeList, notification, person, visit, invitation, rating, intake, handlingRecord, task].map(
    (def) => [def.type, def],
  ),
)
