/** Composition root of the console's page. */
import { systemRandom } from '#crypto/random.ts'
import { systemClock, systemTimers } from '../shared/clock.ts'
import { createHub } from './logic/hub.ts'
import { createLive } from './logic/live.ts'
import { startConsole } from './start.ts'

const at = document.querySelector('#app')
const hub = createHub((path, init) => fetch(path, init))
const live = createLive({ open: (address) => new EventSource(address), timers: systemTimers })
if (at) startConsole({ hub, live, clock: systemClock, timers: systemTimers, random: systemRandom }, at)
