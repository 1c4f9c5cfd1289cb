/** A plain-http page that offers the authority's file and says how to trust it, since a device that does not trust it yet can be told nothing
 *  over HTTPS. It serves two things, both public and the same for everyone; it never reads a request beyond its method and path. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHash } from 'node:crypto'
import { type Text, t } from '#protocols/text/text.ts'
import { listenFault } from '../shell/process.ts'
import { fingerprintOf } from './pins.ts'

export interface TrustPageOptions {
  readonly host: string
  readonly port: number
  /** PEM of the authority; read at each request, since it may be renewed. */
  readonly caFile: string
  /** Address of the station that becomes reachable, such as https://name:8800/. */
  readonly stationUrl: string
  readonly stationName: Text
}

const style =
  'body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color:#1a1d21;background:#fff}' +
  'code{overflow-wrap:anywhere}a.file{display:inline-block;padding:.6rem 1rem;border:1px solid #1a1d21;color:inherit}'
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
const fileName = 'station-ca.crt'

const title = t('信任本所的传输证书', "Trust the station's transport authority")
const why = t(
  '本页只提供一个文件: 本所传输机构的证书。装好以后, 浏览器才能确认连到的是本所网关。它只对本所的一个主机名有效。',
  "This page offers one file: the certificate of the station's transport authority. With it a browser can tell that it speaks to this station's gateway. It is good for this station's one host name alone.",
)
const compare = t(
  '先核对指纹: 安装前, 系统显示的 SHA-256 指纹必须与网关终端上印出的一致。不一致就不要安装, 立即告知管理员。本页走明文, 单看本页不能作数。',
  "Compare first: the SHA-256 fingerprint that your system shows must be the one on the gateway's terminal. If it is another, do not install it and tell the administrator. This page is not encrypted: what it says is no proof.",
)
const download = t('下载证书文件', 'Get the file')
const open = t('装好后打开', 'Then open')
const steps: readonly Text[] = [
  t(
    '警务通 (Android): 设置, 安全, 加密与凭据, 安装证书, CA 证书, 选这个文件。',
    'Handheld (Android): Settings, Security, Encryption and credentials, Install a certificate, CA certificate, choose the file.',
  ),
  t(
    'iPhone、iPad: 用 Safari 打开文件, 允许描述文件; 设置里安装它, 再到 通用, 关于本机, 证书信任设置 打开它。',
    'iPhone, iPad: open the file in Safari and allow the profile; install it in Settings, then switch it on in General, About, Certificate Trust Settings.',
  ),
  t(
    'Windows: 双击文件, 安装证书, 本地计算机, 放入“受信任的根证书颁发机构”。',
    'Windows: open the file, Install Certificate, Local Machine, place it in "Trusted Root Certification Authorities".',
  ),
  t(
    'Linux 上的 Chromium: 设置, 隐私和安全, 管理证书, 导入并信任它识别网站。',
    'Chromium on Linux: Settings, Privacy and security, Manage certificates, import it and trust it to identify websites.',
  ),
  t(
    '由设备管理系统统一管理的设备: 由管理员下发, 不必手工安装。',
    'Devices under device management: the administrator sends it to them; nothing is done by hand.',
  ),
]

/** Throws Fault 'process/port-in-use' or 'process/cannot-listen'. */
export function openTrustPage(options: TrustPageOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const say = (status: number, type: string, body: string) => {
      response.writeHead(status, {
        'Content-Type': type,
        'Content-Length': Buffer.byteLength(body),
        'Content-Security-Policy': policy,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-store',
        Connection: 'close',
      })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'text/plain', '')
      const path = request.url?.split('?')[0]
      if (path !== '/' && path !== `/${fileName}`) return say(404, 'text/plain', '')
      const certificate = readFileSync(options.caFile, 'utf8')
      // This type makes a device offer to install the file.
      if (path === `/${fileName}`) return say(200, 'application/x-x509-ca-cert', certificate)
      say(200, 'text/html; charset=utf-8', pageOf(options, fingerprintOf(certificate)))
    } catch {
      say(500, 'text/plain', '')
    }
  })
  server.maxConnections = 64
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(listenFault(cause, options.port)))
    server.listen({ host: options.host, port: options.port }, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      }),
    )
  })
}

function pageOf({ stationUrl, stationName }: TrustPageOptions, fingerprint: string): string {
  const both = ({ zh, en }: Text, tag = 'p') => `<${tag}>${plain(zh)}</${tag}><${tag} lang="en">${plain(en)}</${tag}>`
  const line = ({ zh, en }: Text) => `${plain(zh)} <span lang="en">${plain(en)}</span>`
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${plain(title.zh)}</title><style>${style}</style></head><body>
<h1>${line(stationName)}</h1><h2>${line(title)}</h2>
${both(why)}
<p><a class="file" href="/${fileName}">${line(download)}</a></p>
${both(compare)}
<p>SHA-256<br><code>${fingerprint}</code></p>
<ul>${steps.map((step) => `<li>${both(step)}</li>`).join('')}</ul>
<p>${line(open)} <a href="${plain(stationUrl)}">${plain(stationUrl)}</a></p>
</body></html>`
}

const plain = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
