/** What a person reads when something did not go as wished: never a bare "error", always what happened, what was kept and what to do. */
import { t, type Text } from '../text.ts'

export interface ErrorWords {
  readonly happened: Text
  readonly kept: Text
  readonly todo: Text
}

/** [zh-CN, en] of each of the three. */
type Pair = readonly [zh: string, en: string]

export const words = (happened: Pair, kept: Pair, todo: Pair): ErrorWords => ({
  happened: t(...happened),
  kept: t(...kept),
  todo: t(...todo),
})

/** Answers to "what was kept" that many codes share. */
export const kept = {
  refused: ['你的变更完整保留在“拒收”中。', 'Your change is kept whole under "refused".'],
  pending: ['已保存在本机, 等待送达。', 'It is saved on this device and waits to be sent.'],
  typed: ['已填写的内容还在屏幕上。', 'What you typed is still on the screen.'],
  nothingTaken: ['没有收下任何内容, 原有记录未变。', 'Nothing was taken in; the records are as they were.'],
  records: ['已有记录未受影响。', 'The records are not affected.'],
  local: ['本机上的资料仍在, 仍加锁保存。', 'What is on this device is still there, still locked.'],
} as const satisfies Record<string, Pair>

/** Answers to "what to do" that many codes share. */
export const todo = {
  administrator: ['请联系管理员, 并告知此代码。', 'Tell the administrator this code.'],
  auditor: [
    '不要再用这台设备, 立即告知值班领导和管理员。',
    'Stop using this device and tell the duty leader and the administrator now.',
  ],
  wait: ['无需操作, 会自动重试。', 'Nothing to do: it tries again by itself.'],
  update: ['请联网更新程序, 然后再试。', 'Connect, let the app update, then try again.'],
} as const satisfies Record<string, Pair>
