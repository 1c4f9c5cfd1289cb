/** What the gateway makes of a kiosk unit's reports. A score is a help for a person who decides; the unit's decision is taken only when it agrees with
 *  its own score and with the threshold that the gateway asked for. No picture comes this way. */
import type { Compare, Match } from '#protocols/device/kiosk.ts'
import type { Health } from '#protocols/device/health.ts'

export interface MatchReading {
  readonly session: string
  /** 0..1000. */
  readonly score: number
  readonly threshold: number
  readonly model: string
  readonly decision: Match['decision']
  readonly failed: readonly MatchCheck[]
}

export type MatchCheck =
  /** Nobody asked for this session, or it was asked of another unit, or too long ago. */
  | 'match/not-asked'
  /** Compared with another threshold than the gateway's. */
  | 'match/threshold'
  /** 'match' below the threshold, or 'mismatch' above it. */
  | 'match/contradiction'

/** asked: what the gateway last asked of this very unit for this session; undefined when it did not. */
export function readMatch(report: Match, asked: Compare | undefined, nowMs: number): MatchReading {
  const { session, score, threshold, model, decision } = report
  const failed: MatchCheck[] = []
  if (!asked || asked.session !== session || nowMs > asked.validUntil) failed.push('match/not-asked')
  if (asked && asked.threshold !== threshold) failed.push('match/threshold')
  if ((decision === 'match' && score < threshold) || (decision === 'mismatch' && score >= threshold))
    failed.push('match/contradiction')
  return { session, score, threshold, model, decision, failed }
}

/** What the device register keeps of a health report. */
export interface HealthReading {
  readonly firmware: string
  readonly paper: NonNullable<Health['paper']>
  /** True when somebody has to go there. */
  readonly needsHands: boolean
}

export function readHealth({ firmware, paper = 'unknown', faults = [] }: Health): HealthReading {
  return { firmware, paper, needsHands: paper === 'out' || faults.length > 0 }
}
