/** A page with nothing on it but the kiosk's session, for tests to call. */
import { createKioskSession } from '../../../../client/shared/data/kiosk-session.ts'
import { expose } from '../expose.ts'

expose(createKioskSession())
