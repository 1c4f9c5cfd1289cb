/** What the person at the terminal, or the program behind --json, is told. */
import type { Fault } from '#protocols/errors.ts'
import type { DemoPerson } from '#protocols/http/session.ts'
import type { Urls } from './settings.ts'
import { failureText } from './words.ts'

/** What a station that serves its network tells besides: it has no doors for anyone, so the first desk gets a ticket. */
export interface LanReport {
  /** Null: a desk is enrolled and makes the tickets. */
  readonly firstTicket: string | null
  /** Path of the authority's public file. */
  readonly ca: string
  /** Base64 of SHA-256 over the authority's public key. */
  readonly spki: string
  readonly fingerprint: string
  /** Address of the page with the file. */
  readonly trust: string
  readonly isNew: boolean
}

export interface ReadyReport {
  readonly urls: Urls
  /** None with a LAN: their PINs were printed when the folder was seeded. */
  readonly people: readonly DemoPerson[]
  readonly pids: Readonly<Record<string, number>>
  readonly lan: LanReport | null
}

export function createReport(json: boolean) {
  const out = (text: string) => {
    if (!json) process.stdout.write(`${text}\n`)
  }
  const line = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
  const isTerminal = !json && process.stdout.isTTY === true
  return {
    say: out,
    progress(done: number, total: number): void {
      if (isTerminal)
        process.stdout.write(`\r正在准备演示数据  Preparing demo data  ${done}/${total}${done === total ? '\n' : ''}`)
    },
    ended: (name: string, waitMs: number) => {
      process.stderr.write(
        `${name}: 意外退出, ${waitMs} 毫秒后重启  ended unexpectedly, starting again in ${waitMs} ms\n`,
      )
    },
    notRenewed: (fault: unknown) => {
      process.stderr.write(
        `传输证书没有续期  The transport certificate was not renewed: ${fault instanceof Error ? fault.message : ''}\n`,
      )
    },
    people(people: readonly DemoPerson[]): void {
      if (json) line({ people })
      else out(peopleTable(people))
    },
    ready({ urls, people, pids, lan }: ReadyReport): void {
      const listed = people.map(({ name, post, policeNumber, pin }) => ({ name, post, policeNumber, pin }))
      if (json) return void line({ ready: true, urls, people: listed, pids, ...(lan ? lanFields(lan) : {}) })
      out(`
  Outpost  ·  演示数据 demo data (invented people, ${lan ? 'HTTPS' : 'loopback only'})

  自助机   kiosk      ${urls.kiosk}
  前台     desk       ${urls.desk}
  警务通   handheld   ${urls.handheld}
  中心     hub        ${urls.hub}
  阅读器   reader     ${urls.reader}   lay a document on the simulated reader

${lan ? lanText(lan, urls) : peopleTable(people)}
  Ctrl-C 停止 stops the station.`)
    },
    /** Why it did not start. */
    failed(fault: Fault): void {
      if (json) line({ ready: false, code: fault.code, detail: fault.detail })
      process.stderr.write(`${failureText(fault)}\n(${fault.code} ${JSON.stringify(fault.detail)})\n`)
      // Of a part that failed by itself: what it said last. A fault with a code of its own has said it all.
      const { cause } = fault
      if (!tellsCause.has(fault.code) || !(cause instanceof Error)) return
      process.stderr.write(`${fault.code === 'internal/fault' ? cause.stack : cause.message}\n`)
    },
  }
}

const tellsCause: ReadonlySet<string> = new Set(['internal/fault', 'process/not-started', 'pages/build-failed'])

const peopleTable = (people: readonly DemoPerson[]): string =>
  people.map(({ name, post, policeNumber, pin }) => `  ${policeNumber}  ${pin}  ${name}  ${post}`).join('\n')

const lanFields = ({ firstTicket, ca, spki, fingerprint, trust }: LanReport) => ({
  ...(firstTicket === null ? {} : { firstTicket }),
  ca,
  spki,
  fingerprint,
  trust,
})

const lanText = ({ firstTicket, ca, fingerprint, trust, isNew }: LanReport, urls: Urls): string =>
  [
    `  传输证书  authority  ${ca}${isNew ? '   新的, 每台设备都要装  new: every device has to trust it' : ''}`,
    `  下载页    its page   ${trust}`,
    `  指纹      SHA-256    ${fingerprint}`,
    '',
    firstTicket === null
      ? '  设备用前台发的一次性票登记  Devices are enrolled by tickets made at the desk.'
      : `  打开并登记第一个前台 (十分钟内, 一次)  open within ten minutes, once:\n  ${urls.desk}#enrol=${firstTicket}`,
    '',
    '  PIN: npm run seed -- --data DIR',
  ].join('\n')
