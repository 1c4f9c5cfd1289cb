/** Words for changes that their home, or this device beforehand, did not take in. */
import { kept, todo, words } from './words.ts'

export const changeErrors = {
  'change/unattributed': words(['无法确认这项变更是谁做的。', 'It is not clear who made this change.'], kept.refused, [
    '请重新登录后再做一次; 仍不行请联系管理员。',
    'Sign in again and repeat it; if that does not help, tell the administrator.',
  ]),
  'change/forged': words(
    ['这项变更的签名不符, 内容可能被改动过。', 'The signature of this change does not fit: it may have been altered.'],
    kept.refused,
    todo.auditor,
  ),
  'change/payload-forged': words(
    ['这项变更的内容与签名不符。', 'The content of this change does not fit its signature.'],
    kept.refused,
    todo.auditor,
  ),
  'change/slot-closed': words(
    ['这项变更有一部分内容没有一起送到。', 'A part of this change did not come with it.'],
    kept.refused,
    [
      '请在联网时再送一次; 仍不行请联系管理员。',
      'Send it again while connected; if that does not help, tell the administrator.',
    ],
  ),
  'change/gap': words(
    [
      '这台设备较早的变更还没有送到, 这一项排在后面。',
      'Earlier changes of this device have not arrived yet; this one waits behind them.',
    ],
    kept.pending,
    todo.wait,
  ),
  'change/equivocation': words(
    [
      '同一台设备用同一序号送来两项不同的变更, 设备已冻结。',
      'This device sent two different changes under one number; it is frozen.',
    ],
    ['两项变更都已保留, 供核查。', 'Both changes are kept for examination.'],
    todo.auditor,
  ),
  'change/outside-grant': words(
    ['这项变更超出了本次登录的时间或权限范围。', 'This change lies outside the time or the rights of this sign-in.'],
    kept.refused,
    [
      '请重新登录后再做一次; 需要其他权限请找单位领导。',
      'Sign in again and repeat it; for other rights ask the unit leader.',
    ],
  ),
  'change/device-frozen': words(
    ['这台设备已被冻结或停用, 不再收取它的变更。', 'This device is frozen or disabled; its changes are not taken in.'],
    kept.refused,
    [
      '请到前台, 由管理员核查后重新登记设备。',
      'Go to the front desk: the administrator examines and enrols the device anew.',
    ],
  ),
  'change/home-elsewhere': words(
    [
      '这条记录归另一个单位, 变更要由那里收取。',
      'This record has its home elsewhere; the change must be taken in there.',
    ],
    kept.refused,
    [
      '请打开记录查看归属单位, 与其联系或申请转办。',
      'Open the record to see its home; ask there, or ask for a transfer.',
    ],
  ),
  'change/record-unknown': words(['这里还没有这条记录。', 'This record is not known here yet.'], kept.pending, [
    '联网后会自动再试; 一天后仍未送达请联系管理员。',
    'It tries again when connected; if it still waits after a day, tell the administrator.',
  ]),
  'change/record-exists': words(
    ['这条记录已经有了, 没有再建一条。', 'This record is there already; no second one was made.'],
    kept.refused,
    ['请打开已有的记录, 把不同之处补进去。', 'Open the record that is there and add what differs.'],
  ),
  'change/schema-unknown': words(
    [
      '这项变更是用另一版程序做的, 这里读不懂。',
      'This change was made with another version of the app and cannot be read here.',
    ],
    kept.refused,
    todo.update,
  ),
  'change/field-unknown': words(
    ['变更里有一栏这里没有。', 'The change has a field that is not known here.'],
    kept.refused,
    todo.update,
  ),
  'change/field-invalid': words(['有一栏的内容不合要求。', 'A field has a value it cannot have.'], kept.refused, [
    '请打开这一项, 改正标出的一栏后再送。',
    'Open it, correct the marked field and send it again.',
  ]),
  'change/field-missing': words(['有一栏必填的还空着。', 'A required field is empty.'], kept.refused, [
    '请打开这一项, 填好标出的一栏后再送。',
    'Open it, fill in the marked field and send it again.',
  ]),
  'change/transition-unknown': words(
    ['这里没有这一步操作。', 'This step is not known here.'],
    kept.refused,
    todo.update,
  ),
  'change/transition-stale': words(
    [
      '记录的状态已被别人先改了, 这一步做不了。',
      'Somebody changed the state of the record first; this step no longer fits.',
    ],
    kept.refused,
    [
      '请看记录现在的状态, 再决定是否另做一步。',
      'Look at the present state and decide whether another step is needed.',
    ],
  ),
  'change/transition-denied': words(
    ['这一步不能同时改这些栏。', 'This step cannot change these fields along with it.'],
    kept.refused,
    ['请分开做: 先做这一步, 再改其他栏。', 'Do it in two: the step first, then the other fields.'],
  ),
  'change/guard-failed': words(
    ['还有事项没完成, 这一步现在做不了。', 'Something else must be done first; this step cannot be taken yet.'],
    kept.refused,
    ['请打开这一项看缺什么, 补齐后再做。', 'Open it to see what is missing, complete that, then repeat the step.'],
  ),
  'change/denied': words(['你的职务没有这项权限。', 'Your post does not hold this right.'], kept.refused, [
    '可请列出的人员办理, 或请单位领导授权。',
    'Ask one of the people listed to do it, or the unit leader to grant the right.',
  ]),
  'change/number-taken': words(['这个编号已经用过了。', 'This number has been given already.'], kept.refused, [
    '请换一个编号重新送; 再次出现请联系管理员。',
    'Send it again with a new number; if it comes back, tell the administrator.',
  ]),
} as const
