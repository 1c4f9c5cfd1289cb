/** People of a demo folder: made once, their PINs in a 0600 file, shown on the sign-in page of a hub that listens on loopback only. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsoleDemoPerson } from '#protocols/http/console.ts'
import type { Operator, Operators } from './operators.ts'

const people: readonly Operator[] = [
  { account: 'leader', name: '局领导 (Bureau leader)', role: 'bureau-leader' },
  { account: 'auditor', name: '督察 (Auditor)', role: 'auditor' },
  { account: 'admin', name: '管理员 (Administrator)', role: 'administrator' },
]

export async function ensureDemoPeople(
  dataFolder: string,
  operators: Operators,
): Promise<readonly ConsoleDemoPerson[]> {
  const path = join(dataFolder, 'demo-operators.json')
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as ConsoleDemoPerson[]
  const made: ConsoleDemoPerson[] = []
  if ((await operators.count()) === 0)
    for (const person of people) made.push({ ...person, pin: await operators.add(person) })
  writeFileSync(path, JSON.stringify(made, null, 2), { mode: 0o600 })
  return made
}
