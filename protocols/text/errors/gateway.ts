/** Words for the gateway, its store and what travels on the wire. */
import { kept, todo, words } from './words.ts'

export const gatewayErrors = {
  'wire/too-large': words(['内容太大, 没有收取。', 'It is too large and was not taken in.'], kept.nothingTaken, [
    '请分成几份, 或减小附件后再送。',
    'Divide it, or make the attachments smaller, and send it again.',
  ]),
  'wire/not-canonical': words(
    ['收到的数据写法不合规定。', 'What arrived is not written in the one permitted form.'],
    kept.nothingTaken,
    todo.administrator,
  ),
  'wire/malformed': words(
    ['收到的数据读不懂。', 'What arrived cannot be read.'],
    kept.nothingTaken,
    todo.administrator,
  ),
  'wire/version-unknown': words(
    ['对方用的是这里不认识的版本。', 'The other side uses a version that is not known here.'],
    kept.nothingTaken,
    todo.update,
  ),
  'gateway/unavailable': words(['现在联系不上网关。', 'The gateway cannot be reached now.'], kept.pending, [
    '可以继续工作, 恢复联系后自动送达。',
    'Go on working: it is sent as soon as there is contact.',
  ]),
  'pages/build-failed': words(
    ['页面没有生成出来。', 'The pages could not be built.'],
    ['原来的页面没有改动, 记录不受影响。', 'The pages from before are untouched and so are the records.'],
    ['请管理员查看所列的出错文件。', 'The administrator looks at the file that is named.'],
  ),
  'numbers/used-up': words(
    ['这台设备今天的号段已用完。', "This device has used up its numbers for today's date."],
    ['已填写的内容已保存, 还没有编号。', 'What you entered is saved, without a number yet.'],
    ['请连接网关, 会自动领取新号段。', 'Connect to the gateway: it grants the next block by itself.'],
  ),
  'internal/fault': words(
    ['程序内部出了故障。', 'Something inside Outpost went wrong.'],
    ['已确认送达的内容都已保存。', 'Everything that was confirmed is saved.'],
    ['请再试一次; 再次出现请把代码告知管理员。', 'Try again; if it comes back, tell the administrator this code.'],
  ),
  'config/invalid': words(
    ['设置里有错误, 没有启动。', 'Something in the settings is wrong; nothing was started.'],
    ['数据没有改动。', 'The data was not touched.'],
    ['请管理员按所列各项改正设置。', 'The administrator corrects the settings listed.'],
  ),
  'process/port-in-use': words(
    ['要用的端口已被另一个程序占用。', 'A port that is needed is in use by another program.'],
    ['没有启动, 数据没有改动。', 'Nothing was started and the data was not touched.'],
    ['请停掉占用端口的程序, 或换一组端口。', 'Stop the other program or choose other ports.'],
  ),
  'process/cannot-listen': words(
    ['在设定的地址上接不了连接。', 'Connections cannot be taken at the address in the settings.'],
    ['没有启动, 数据没有改动。', 'Nothing was started and the data was not touched.'],
    ['请管理员检查地址和端口的权限。', 'The administrator checks the address and the right to use its port.'],
  ),
  'process/not-started': words(
    ['有一个部分没有及时启动。', 'A part of Outpost did not start in time.'],
    ['已停下其余部分, 数据没有改动。', 'The rest was stopped and the data was not touched.'],
    [
      '请管理员查看该部分最后的输出, 然后再启动。',
      'The administrator looks at what that part said last, then starts again.',
    ],
  ),
  'start/folder-not-ours': words(
    [
      '这个文件夹不是 Outpost 的数据文件夹, 里面有别的东西。',
      'This folder is no data folder of Outpost and has other things in it.',
    ],
    ['文件夹里的东西没有改动。', 'What is in the folder was not touched.'],
    ['请换一个空文件夹, 或原来的数据文件夹。', 'Choose an empty folder or the data folder from before.'],
  ),
  'start/folder-in-use': words(
    ['这个数据文件夹正由另一次启动使用。', 'This data folder is in use by another start.'],
    ['没有启动, 正在运行的不受影响。', 'Nothing was started; what is running goes on.'],
    ['请先停掉那一次, 或换一个数据文件夹。', 'Stop the other one first, or choose another data folder.'],
  ),
  'start/folder-unwritable': words(
    ['数据文件夹不能写入。', 'The data folder cannot be written.'],
    ['没有启动, 已有的数据没有改动。', 'Nothing was started; data that is there was not touched.'],
    ['请管理员检查文件夹的权限和磁盘空间。', 'The administrator checks the rights of the folder and the disk space.'],
  ),
  'store/disk-full': words(
    ['网关的磁盘已满, 暂时不能写入。', "The gateway's disk is full: nothing can be written now."],
    [
      '已确认的内容都在; 新内容留在各设备上等待。',
      'All that was confirmed is there; what is new waits on the devices.',
    ],
    ['请管理员立即清理或扩充磁盘。', 'The administrator must free or add disk space now.'],
  ),
  'store/read-only': words(
    ['存储现在只能读, 不能写。', 'The store can be read but not written now.'],
    [
      '已确认的内容都在; 新内容留在各设备上等待。',
      'All that was confirmed is there; what is new waits on the devices.',
    ],
    ['请管理员查看网关的磁盘和运行页面。', 'The administrator should look at the disk and the operations page.'],
  ),
  'store/corrupt': words(
    ['存储的一部分已损坏, 校验不符。', 'A part of the store is damaged: its checks do not fit.'],
    ['已停止写入, 原文件保留不动。', 'Writing has stopped; the files are left as they are.'],
    [
      '请管理员用最近的备份恢复, 各设备会补送其后的内容。',
      'The administrator restores the last backup; the devices then send what came after it.',
    ],
  ),
  'store/wrong-key': words(
    ['数据文件夹的密钥不对, 没有打开。', 'The key of the data folder is wrong; it was not opened.'],
    ['数据原样未动。', 'The data is untouched.'],
    ['请管理员放回正确的密钥文件后重新启动。', 'The administrator puts the right key file back and starts again.'],
  ),
  'store/key-taken': words(
    ['另一个窗口已先写入本机的存储。', 'Another window wrote to the store of this device first.'],
    ['先写入的内容保留, 没有被覆盖。', 'What was written first is kept; nothing was overwritten.'],
    ['请关闭其他窗口, 重新打开本页。', 'Close the other windows and open this page again.'],
  ),
} as const
