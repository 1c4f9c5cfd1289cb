/** A page with nothing on it but the data worker's client, for tests to call. */
import { createData } from '../../../../client/shared/data/client.ts'
import { expose } from '../expose.ts'

expose(createData('handheld'))
