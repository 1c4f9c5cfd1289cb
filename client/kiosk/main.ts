/** Composition root of the kiosk's page. */
import { systemRandom } from '#crypto/random.ts'
import { systemClock, systemTimers } from '../shared/clock.ts'
import { createKioskSession } from '../shared/data/kiosk-session.ts'
import { startKiosk } from './start.ts'

const ticket = /#enrol=([A-Za-z0-9_-]{16,64})$/.exec(location.hash)?.[1] ?? null
// The ticket is used once and must not stay in the address bar or the history.
if (ticket !== null) history.replaceState(null, '', location.pathname)

const at = document.querySelector('#app')
if (at) startKiosk({ link: createKioskSession(), clock: systemClock, timers: systemTimers, random: systemRandom, ticket }, at)
