/** Writes the vectors anew: `node test/vectors/lane/make.ts`. They are checked in, and a test compares them with what the twin makes, so that a
 *  difference is always a decision. */
import { writeFileSync } from 'node:fs'
import { ready } from '#crypto/sodium'
import type { LaneVectors } from './case.ts'
import { laneVectors } from './cases.ts'

export const vectorUrl = new URL('bundles.json', import.meta.url)

/** One file and one case a line, so that a difference reads well. */
export function writtenForm(vectors: LaneVectors): string {
  const lines = (list: readonly string[]) => `\n    ${list.join(',\n    ')}\n  `
  return `{
  "about": ${JSON.stringify(vectors.about)},
  "context": ${JSON.stringify(vectors.context, null, 2).replaceAll('\n', '\n  ')},
  "files": {${lines(Object.entries(vectors.files).map(([name, file]) => `${JSON.stringify(name)}: ${JSON.stringify(file)}`))}},
  "bundles": [${lines(vectors.bundles.map((each) => JSON.stringify(each)))}],
  "second": [${lines(vectors.second.map((each) => JSON.stringify(each)))}]
}\n`
}

if (import.meta.main) {
  await ready
  writeFileSync(vectorUrl, writtenForm(laneVectors()))
}
