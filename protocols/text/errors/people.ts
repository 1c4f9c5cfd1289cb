/** Words for signing in, enrolling a device and asking for things one may not have. */
import { kept, todo, words } from './words.ts'

export const peopleErrors = {
  'crypto/cannot-open': words(
    ['打不开: 密钥不对, 或内容有损坏。', 'It cannot be opened: the key is wrong or the content is damaged.'],
    ['加锁的内容原样保留。', 'The locked content is kept as it is.'],
    [
      '请核对 PIN 或密钥后再试; 仍不行请联系管理员。',
      'Check the PIN or key and try again; if that does not help, tell the administrator.',
    ],
  ),
  'identity/forged': words(
    ['这份证书或授权的签名不符。', 'The signature of this certificate or grant does not fit.'],
    kept.nothingTaken,
    todo.auditor,
  ),
  'identity/expired': words(['证书或离线租约已到期。', 'The certificate or the lease has run out.'], kept.local, [
    '请在所里联网登录一次, 即可续期。',
    "Sign in once on the station's network: that renews it.",
  ]),
  'session/none': words(
    ['还没有登录, 或登录已过时。', 'You are not signed in, or the sign-in has run out.'],
    kept.typed,
    ['请登录, 然后继续。', 'Sign in, then go on.'],
  ),
  'session/denied': words(['你的职务不能看或做这一项。', 'Your post may not see or do this.'], kept.records, [
    '需要时请单位领导授权。',
    'If you need it, ask the unit leader to grant the right.',
  ]),
  'logon/failed': words(['警号或 PIN 不对。', 'Police number or PIN is wrong.'], kept.local, [
    '请再试一次; 忘记 PIN 请单位领导重置。',
    'Try again; if you forgot the PIN, the unit leader can reset it.',
  ]),
  'logon/locked': words(['输错次数太多, 暂时锁定。', 'Too many wrong tries: it is locked for a while.'], kept.local, [
    '请稍候再试, 或请单位领导重置 PIN。',
    'Wait and try again, or ask the unit leader to reset the PIN.',
  ]),
  'enrol/ticket-unknown': words(
    ['这个登记码已用过或已过期。', 'This enrolment code was used or has run out.'],
    ['设备没有登记, 也没有留下资料。', 'The device was not enrolled and holds nothing.'],
    ['请在工作台上重新生成登记码。', 'Make a new code on the console.'],
  ),
  'enrol/refused': words(
    ['设备登记没有获准。', 'The device was not let in.'],
    ['设备没有登记, 也没有留下资料。', 'The device was not enrolled and holds nothing.'],
    [
      '请在两块屏幕上核对六个词, 由管理员重新登记。',
      'Compare the six words on both screens and let the administrator start again.',
    ],
  ),
  'document/check-digit': words(['证件号码的校验不符。', 'The document number does not pass its check.'], kept.typed, [
    '请对照证件核对号码; 仍不行请到前台办理。',
    'Compare it with the document; if that does not help, go to the front desk.',
  ]),
  'document/unreadable': words(
    ['证件没有读出来。', 'The document could not be read.'],
    ['没有留下证件信息。', 'Nothing of the document was kept.'],
    ['请重新放一次, 或选择手工填写。', 'Place it once more, or choose to type it in.'],
  ),
  'request/not-found': words(
    ['没有找到, 或不在你的可见范围内。', 'It was not found, or lies outside what you may see.'],
    kept.records,
    ['请核对编号; 应当能看到的请联系单位领导。', 'Check the number; if you should see it, ask the unit leader.'],
  ),
  'request/invalid': words(['填写的内容有一处不合要求。', 'Something that was filled in does not fit.'], kept.typed, [
    '请改正标出的地方, 再送一次。',
    'Correct what is marked and send it again.',
  ]),
  'request/host-unknown': words(
    ['这个网址不是本所网关的名字。', "This address is not the station gateway's name."],
    kept.nothingTaken,
    ['请用本所公布的网址打开, 不要用 IP 地址。', 'Open the address that the station gives out, not a number.'],
  ),
  'request/needs-gateway': words(
    ['这一项要联系上网关才能办。', 'This needs the gateway, which cannot be reached now.'],
    ['其他操作照常, 已做的都在本机。', 'Everything else goes on; what was done is kept on this device.'],
    ['联系恢复后再试一次。', 'Try again when there is contact.'],
  ),
  'request/too-many': words(['短时间内操作太多, 暂缓片刻。', 'Too many requests in a short time.'], kept.typed, [
    '请等一分钟再试。',
    'Wait a minute and try again.',
  ]),
} as const
