/** What the person at the terminal, or the program behind --json, is told. */
import type { DemoPerson } from '#protocols/http/session.ts'
import type { Urls } from './settings.ts'

export function createReport(json: boolean) {
  const out = (text: string) => {
    if (!json) process.stdout.write(`${text}\n`)
  }
  const isTerminal = !json && process.stdout.isTTY === true
  return {
    say: out,
    progress(done: number, total: number): void {
      if (isTerminal) process.stdout.write(`\r正在准备演示数据  Preparing demo data  ${done}/${total}${done === total ? '\n' : ''}`)
    },
    ended: (name: string, waitMs: number) => {
      process.stderr.write(`${name}: 意外退出，${waitMs} 毫秒后重启  ended unexpectedly, starting again in ${waitMs} ms\n`)
    },
    people(people: readonly DemoPerson[]): void {
      if (json) process.stdout.write(`${JSON.stringify({ people })}\n`)
      else out(peopleTable(people))
    },
    ready(urls: Urls, people: readonly DemoPerson[]): void {
      if (json) {
        const listed = people.map(({ name, post, policeNumber, pin }) => ({ name, post, policeNumber, pin }))
        process.stdout.write(`${JSON.stringify({ ready: true, urls, people: listed })}\n`)
        return
      }
      out(`
  Outpost  ·  演示数据 demo data (invented people, loopback only)

  自助机   kiosk      ${urls.kiosk}
  前台     desk       ${urls.desk}
  警务通   handheld   ${urls.handheld}
  中心     hub        ${urls.hub}
  阅读器   reader     ${urls.reader}   lay a document on the simulated reader

${peopleTable(people)}
  Ctrl-C 停止 stops the station.`)
    },
  }
}

const peopleTable = (people: readonly DemoPerson[]): string =>
  people.map(({ name, post, policeNumber, pin }) => `  ${policeNumber}  ${pin}  ${name}  ${post}`).join('\n')
