/** Words for bundles on a lane. A bundle is taken whole or refused whole; the sender still has it, so nothing is lost by a refusal. */
import { todo, words } from './words.ts'

const refusedWhole = [
  '整个交换包没有收取, 发送方仍有原件。',
  'The whole bundle was refused; the sender still has it.',
] as const
const notSealed = ['没有装包, 相关记录不出本网。', 'Nothing was sealed; the records stay on this network.'] as const
const sendAgain = [
  '请用缺包单让对方重发; 再次出现请联系管理员。',
  'Ask for it again with a missing slip; if it comes back, tell the administrator.',
] as const
const laneAuditor = [
  '不要放行这条通道的内容, 立即告知管理员和法制/督察。',
  'Let nothing of this lane through and tell the administrator and the auditor now.',
] as const
const updateBoth = [
  '请管理员核对两端的程序版本, 更新后重发。',
  'The administrator compares the versions of both sides, updates and sends again.',
] as const
const checkPolicy = [
  '请管理员核对放行规则和两端的版本。',
  'The administrator compares the release policy and its version on both sides.',
] as const

export const laneErrors = {
  'lane/length': words(
    ['交换包长度不对, 可能没有传完。', 'The bundle has the wrong length; perhaps it did not arrive whole.'],
    refusedWhole,
    sendAgain,
  ),
  'lane/header': words(
    ['交换包的包头不合规定。', 'The header of the bundle is not as it must be.'],
    refusedWhole,
    sendAgain,
  ),
  'lane/cap': words(
    ['交换包超出允许的大小。', 'The bundle announces more than is permitted.'],
    refusedWhole,
    todo.administrator,
  ),
  'lane/unknown': words(
    ['交换包来自这里没有登记的通道。', 'The bundle belongs to a lane that is not set up here.'],
    refusedWhole,
    ['请管理员核对通道登记。', 'The administrator checks the lanes that are set up.'],
  ),
  'lane/sender-key': words(
    ['交换包用了这里不认识的发送方密钥。', 'The bundle uses a key of the sender that is not known here.'],
    refusedWhole,
    ['请管理员核对并登记发送方的新密钥。', "The administrator checks and enters the sender's new key."],
  ),
  'lane/bundle-forged': words(
    ['交换包的签名不符, 内容可能被改动过。', 'The signature of the bundle does not fit: it may have been altered.'],
    refusedWhole,
    laneAuditor,
  ),
  'lane/epoch': words(
    ['前一段编号的交换包还没有到齐。', 'Bundles of the numbering before this one are still to come.'],
    ['这个包先放着等待。', 'This bundle is set aside and waits.'],
    todo.wait,
  ),
  'lane/fork': words(
    ['同一编号出现两个不同的交换包, 通道已冻结。', 'Two different bundles came under one number; the lane is frozen.'],
    ['两个包都已保留, 供核查。', 'Both bundles are kept for examination.'],
    laneAuditor,
  ),
  'lane/expired': words(['交换包已过有效期。', 'The bundle is past its term.'], refusedWhole, sendAgain),
  'lane/recipient': words(['交换包不是发给这里的。', 'The bundle is meant for somebody else.'], refusedWhole, [
    '请核对介质是否拿错; 没有拿错请联系管理员。',
    'Check whether the right medium was brought; if so, tell the administrator.',
  ]),
  'lane/content-size': words(
    ['交换包解开后的大小与包头不符。', 'What is in the bundle has another size than its header says.'],
    refusedWhole,
    sendAgain,
  ),
  'lane/content-form': words(
    ['交换包里的条目写法或次序不合规定。', 'The entries of the bundle are not in their permitted form or order.'],
    refusedWhole,
    todo.administrator,
  ),
  'lane/schema': words(
    ['交换包里有条目不合约定的格式。', 'An entry of the bundle does not have the agreed shape.'],
    refusedWhole,
    updateBoth,
  ),
  'lane/unsupported': words(
    ['交换包里有这里还不支持的内容。', 'The bundle carries something that is not supported here yet.'],
    refusedWhole,
    updateBoth,
  ),
  'lane/policy': words(
    ['内容超出放行规则, 不能过网。', 'The content goes beyond the release policy and may not cross.'],
    notSealed,
    checkPolicy,
  ),
  'lane/approval': words(
    ['缺少第二人的放行批准, 或批准与内容不符。', 'The approval by a second person is missing or does not fit.'],
    notSealed,
    ['请有权的第二人预览后批准。', 'A second person with the right looks at the preview and approves.'],
  ),
  'lane/withheld': words(
    ['声明扣留的栏目与实际不符。', 'What is said to be withheld is not what is withheld.'],
    refusedWhole,
    checkPolicy,
  ),
  'lane/entry-forged': words(
    ['交换包里一条变更的签名不符。', 'The signature of a change in the bundle does not fit.'],
    refusedWhole,
    laneAuditor,
  ),
  'lane/second-check': words(
    ['出网前的复核没有通过。', 'The second check before sending did not pass.'],
    notSealed,
    laneAuditor,
  ),
  'lane/key-id-taken': words(
    ['这个密钥编号已属于另一把密钥。', 'Another key has this key id already.'],
    ['原来登记的密钥没有改变。', 'The key that was entered first is unchanged.'],
    laneAuditor,
  ),
  'lane/file-irregular': words(
    ['文件夹里有一项不是普通文件, 或正在变化。', 'Something in the folder is no plain file, or is still changing.'],
    ['这一项没有读取, 其余照常。', 'It was not read; the rest goes on.'],
    [
      '请查看介质上的文件夹, 移走不属于这里的东西。',
      'Look into the folder on the medium and remove what does not belong there.',
    ],
  ),
  'lane/file-unlike': words(
    ['写到介质上的文件与原件不同。', 'The file on the medium differs from what was written.'],
    ['原件还在发送队列中。', 'The original is still in the outgoing queue.'],
    ['请换一个介质, 再写一次。', 'Take another medium and write it again.'],
  ),
} as const
