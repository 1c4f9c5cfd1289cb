/** A process of its own that gives up its rights and then prepares a data folder: `node folder-child.ts <folder> <uid>`. The code is read
 *  before, so that it may lie where that user cannot go. */
import { Fault } from '#protocols/errors.ts'
import { prepareFolder } from '../../../../edge/tools/start/folder.ts'

const [folder = '', id = ''] = process.argv.slice(2)
process.setgroups?.([])
process.setgid?.(Number(id))
process.setuid?.(Number(id))
const say = (value: unknown) => process.stdout.write(JSON.stringify(value))
try {
  prepareFolder(folder, false)()
  say({ ok: true })
} catch (cause) {
  if (!(cause instanceof Fault)) throw cause
  say({ code: cause.code, detail: cause.detail })
}
