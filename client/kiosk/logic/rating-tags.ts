/** Which tags are offered beside the grades: praise with good ones, concern with bad ones, both with mixed ones. */
import { ratingTags } from '#protocols/codes/rating.ts'

export const dimensions = ['quality', 'efficiency', 'environment', 'attitude'] as const
export type Dimension = (typeof dimensions)[number]
export type Grades = Readonly<Partial<Record<Dimension, number>>>

const isGood = (grade: number) => grade >= 3

export const missingGrades = (grades: Grades): number => dimensions.filter((each) => grades[each] === undefined).length

export function offeredTags(grades: Grades): readonly string[] {
  const given = dimensions.flatMap((each) => grades[each] ?? [])
  const tones = new Set(given.map((grade) => (isGood(grade) ? 'praise' : 'concern')))
  return ratingTags.rows.filter((row) => tones.has(row.tone)).map((row) => row.code)
}
