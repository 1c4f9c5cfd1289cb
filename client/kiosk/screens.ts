/** Which picture belongs to which screen: all of them at once, since a kiosk must not fetch anything in the middle of a visit. */
import type { Component } from 'vue'
import type { ScreenName } from './logic/visitor.ts'
import CardScreen from './screens/card-screen.vue'
import ComparingScreen from './screens/comparing-screen.vue'
import ConsentScreen from './screens/consent-screen.vue'
import DeskScreen from './screens/desk-screen.vue'
import FoundScreen from './screens/found-screen.vue'
import LeaveNumberScreen from './screens/leave-number-screen.vue'
import LeaveScreen from './screens/leave-screen.vue'
import MatchedScreen from './screens/matched-screen.vue'
import RatingScreen from './screens/rating-screen.vue'
import ReadingScreen from './screens/reading-screen.vue'
import ReasonScreen from './screens/reason-screen.vue'
import SlipScreen from './screens/slip-screen.vue'
import StartScreen from './screens/start-screen.vue'
import ThanksScreen from './screens/thanks-screen.vue'
import TypedDocumentScreen from './screens/typed-document-screen.vue'
import TypedPersonScreen from './screens/typed-person-screen.vue'
import WindowScreen from './screens/window-screen.vue'

export const screens: Readonly<Record<ScreenName, Component>> = {
  start: StartScreen,
  card: CardScreen,
  typedDocument: TypedDocumentScreen,
  typedPerson: TypedPersonScreen,
  reading: ReadingScreen,
  consent: ConsentScreen,
  comparing: ComparingScreen,
  matched: MatchedScreen,
  desk: DeskScreen,
  window: WindowScreen,
  reason: ReasonScreen,
  slip: SlipScreen,
  leave: LeaveScreen,
  leaveNumber: LeaveNumberScreen,
  found: FoundScreen,
  rating: RatingScreen,
  thanks: ThanksScreen,
}
