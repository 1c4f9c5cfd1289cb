/** An intake record is in progress from the first signed handling record on. */
import type { Flow } from './flow.ts'

export const incidentFlow: Flow = (_change, before, after, reads) => {
  if (after.type !== 'handling-record' || before?.tracks['handling'] !== 'dispatched') return []
  if (!['signed', 'setOut', 'arrived'].includes(after.tracks['handling'] ?? '')) return []
  const id = after.fields['intake']
  const intake = typeof id === 'string' ? reads.record('intake', id) : null
  return intake?.tracks['intake'] === 'dispatched' ? [{ type: 'intake', record: intake.id, kind: 'do:progress', values: {} }] : []
}
