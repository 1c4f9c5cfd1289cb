/** The flows, in the order in which they run. A draft of a flow sets off flows in its turn, to a depth that commit limits. */
import type { Flow } from './flow.ts'
import { incidentFlow } from './incident.ts'
import { visitFlow } from './visit.ts'

export const flows: readonly Flow[] = [visitFlow, incidentFlow]
