/** What a person reads when a start does not come about: one sentence in each language that names the port or folder it is about. */
import type { Fault } from '#protocols/errors.ts'
import { errorText } from '#protocols/text/errors.ts'
import { type Text, t } from '#protocols/text/text.ts'

/** {name}: a detail of the fault. */
const sentences: Readonly<Partial<Record<Fault['code'], Text>>> = {
  'process/port-in-use': t(
    '端口 {port} 已被另一个程序占用, 没有启动: 请停掉那个程序, 或用 --ports 换一组端口。',
    'Port {port} is in use by another program and nothing was started: stop that program, or choose other ports with --ports.',
  ),
  'process/cannot-listen': t(
    '端口 {port} 上接不了连接 ({cause}), 没有启动: 请检查权限, 或用 --ports 换一组端口。',
    'Connections cannot be taken on port {port} ({cause}) and nothing was started: check the rights, or choose other ports with --ports.',
  ),
  'start/folder-unwritable': t(
    '数据文件夹不能写入 ({folder}: {cause}), 没有启动: 请检查它和上级文件夹的权限, 或用 --data 换一个。',
    'The data folder cannot be written ({folder}: {cause}) and nothing was started: check its rights and those of the folders above it, or choose another with --data.',
  ),
  'start/folder-not-ours': t(
    '文件夹 {folder} 不是 Outpost 的演示数据文件夹, 里面的东西没有改动: 请用 --data 换一个空文件夹。',
    'The folder {folder} is no demo data folder of Outpost and was not touched: choose an empty one with --data.',
  ),
  'start/folder-in-use': t(
    '数据文件夹 {folder} 正由另一次启动使用 (进程 {pid}), 没有启动: 请先停掉它, 或用 --data 换一个。',
    'The data folder {folder} is in use by another start (process {pid}) and nothing was started: stop that one first, or choose another with --data.',
  ),
}
const sameAs: Readonly<Partial<Record<Fault['code'], Fault['code']>>> = {
  'broker/port-in-use': 'process/port-in-use',
  'broker/address-denied': 'process/cannot-listen',
}

/** Two lines, zh-CN and en. */
export function failureText({ code, detail }: Fault): string {
  const known = sentences[sameAs[code] ?? code]
  const lines = known ? [known.zh, known.en] : (['zh-CN', 'en'] as const).map((locale) => generalText(code, locale))
  return lines.map((line) => line.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(detail[name] ?? '?'))).join('\n')
}

function generalText(code: string, locale: 'zh-CN' | 'en'): string {
  const { happened, todo } = errorText(code, locale)
  return `${happened}${locale === 'en' ? ' ' : ''}${todo}`
}
