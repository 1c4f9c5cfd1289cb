/** Writes the vector files anew: `node test/vectors/crypto/make.ts`. The files are checked in, and a test compares them with what the twin
 *  computes, so a difference is always a decision. */
import { writeFileSync } from 'node:fs'
import { vectorFiles } from './cases.ts'

/** One case a line, so that a difference reads well. */
export const writtenForm = (file: { about: string; cases: readonly unknown[] }): string =>
  `{\n  "about": ${JSON.stringify(file.about)},\n  "cases": [\n${file.cases.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]\n}\n`

if (import.meta.main)
  for (const [name, file] of Object.entries(vectorFiles()))
    writeFileSync(new URL(`${name}.json`, import.meta.url), writtenForm(file))
