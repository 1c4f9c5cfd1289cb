/** Whom the embedded database runs as. PostgreSQL refuses to run as root, so a hub started as root hands it to an unprivileged account of
 *  the machine; any other hub runs it as itself. Nothing here may ever answer with root. */
import { readFileSync } from 'node:fs'
import { Fault } from '#protocols/errors.ts'

export interface DatabaseUser {
  readonly uid: number
  readonly gid: number
  readonly name: string
}

/** In order of preference: an account made for it, then those without rights of their own. */
const databaseUserNames = ['postgres', 'nobody', 'daemon'] as const

/** Null: run as whoever runs the hub. The account must stand in the password file, since `initdb` asks for its name.
 *  Throws Fault 'hub/postgres-no-user'. */
export function chooseDatabaseUser(
  uid: number,
  names: readonly string[] = databaseUserNames,
  passwordFile = '/etc/passwd',
): DatabaseUser | null {
  if (uid !== 0) return null
  const accounts = readAccounts(passwordFile)
  for (const name of names) {
    const account = accounts.find((each) => each.name === name)
    if (account) return account
  }
  throw new Fault('hub/postgres-no-user', { wanted: names.join(' ') })
}

function readAccounts(passwordFile: string): DatabaseUser[] {
  let text = ''
  try {
    text = readFileSync(passwordFile, 'utf8')
  } catch (cause) {
    throw new Fault('hub/postgres-no-user', { wanted: 'a readable password file' }, { cause })
  }
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':')
    const account = { name, uid: Number(uid), gid: Number(gid) }
    return name && uid && gid && account.uid > 0 && account.gid >= 0 ? [account] : []
  })
}

/** What `spawn` needs to start a program as that account. */
export const spawnAs = (user: DatabaseUser | null): { uid?: number; gid?: number } =>
  user ? { uid: user.uid, gid: user.gid } : {}
