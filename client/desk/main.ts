/** Composition root of the desk's page. */
import { systemRandom } from '#crypto/random.ts'
import { systemClock, systemTimers } from '../shared/clock.ts'
import { createData } from '../shared/data/client.ts'
import { startDesk } from './start.ts'
import { ticketOf } from './ticket-link.ts'

const ticket = ticketOf(location.hash)
// The ticket is used once and must not stay in the address bar or the history.
if (ticket !== null) history.replaceState(null, '', location.pathname)

const at = document.querySelector('#app')
if (at)
  startDesk({ data: createData('desk'), clock: systemClock, timers: systemTimers, random: systemRandom, ticket }, at)
