/** The picture of each act of the desk. */
import {
  IconAgain,
  IconCheckOut,
  IconClose,
  IconFinish,
  IconHandBack,
  IconIdentify,
  IconLate,
  IconLogon,
  IconOtherPerson,
  IconRefuse,
  IconSign,
  IconStepOut,
  IconTransfer,
} from '../../shared/ui/icons.ts'
import type { DeskAct } from '../logic/visit-acts.ts'

export const actIcons: Readonly<Record<DeskAct, typeof IconSign>> = {
  arrive: IconLogon,
  identify: IconIdentify,
  checkIn: IconSign,
  assign: IconOtherPerson,
  checkOut: IconCheckOut,
  comeBack: IconLogon,
  stepOut: IconStepOut,
  transfer: IconTransfer,
  handBack: IconHandBack,
  close: IconFinish,
  reopen: IconAgain,
  refuseEntry: IconRefuse,
  leaveUnregistered: IconLate,
  cancel: IconClose,
}
