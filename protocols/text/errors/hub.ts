/** Words for the hub and its database. They are read by whoever runs the hub. */
import { todo, words } from './words.ts'

const notStarted = [
  '中心没有启动, 各所照常工作, 内容在网关等待。',
  'The hub did not start; stations go on working and their bundles wait.',
] as const
const untouched = ['数据文件夹没有改动。', 'The data folder was not changed.'] as const
const refusedWhole = ['整个交换包没有导入, 原件保留。', 'The whole bundle was not imported; it is kept.'] as const
const checkFolder = [
  '请管理员检查数据文件夹的路径、属主和权限。',
  'The administrator checks path, owner and rights of the data folder.',
] as const
const readCause = ['请管理员查看数据库最后的输出。', 'The administrator looks at what the database said last.'] as const
const hubAuditor = [
  '请暂停导入该所内容, 告知管理员和法制/督察。',
  'Stop importing from this station and tell the administrator and the auditor.',
] as const

export const hubErrors = {
  'hub/already-running': words(
    ['这个数据文件夹已有一个中心在运行。', 'A hub already runs on this data folder.'],
    untouched,
    ['请用正在运行的那一个, 或先停掉它。', 'Use the one that runs, or stop it first.'],
  ),
  'hub/postgres-platform': words(
    ['这种系统上没有自带的数据库程序。', 'There is no built-in database for this system.'],
    notStarted,
    ['请改用已有的数据库, 在设置中填写其地址。', 'Use an existing database and enter its address in the settings.'],
  ),
  'hub/postgres-missing': words(['没有安装自带的数据库程序。', 'The built-in database is not installed.'], notStarted, [
    '请重新安装程序, 或改用已有的数据库。',
    'Install Outpost again, or use an existing database.',
  ]),
  'hub/postgres-binaries': words(
    ['自带的数据库程序在这里运行不起来。', 'The built-in database cannot run from here.'],
    notStarted,
    [
      '请把程序放到数据库账号能读的文件夹, 或改用已有的数据库。',
      'Put Outpost where the database account can read it, or use an existing database.',
    ],
  ),
  'hub/postgres-no-user': words(
    ['没有可用来运行数据库的普通账号。', 'There is no unprivileged account to run the database.'],
    notStarted,
    ['请管理员建一个普通账号, 写入设置。', 'The administrator makes such an account and names it in the settings.'],
  ),
  'hub/postgres-folder': words(
    ['数据库的文件夹不能用。', 'The folder of the database cannot be used.'],
    untouched,
    checkFolder,
  ),
  'hub/postgres-password': words(
    ['数据库的密码文件不见了。', 'The password file of the database is gone.'],
    untouched,
    ['请从备份放回密码文件。', 'Put the password file back from a backup.'],
  ),
  'hub/postgres-version': words(
    ['数据库文件是另一个大版本做的。', 'The database was made by another major version.'],
    untouched,
    ['请用原来的版本导出, 再导入新版本。', 'Export with the version it was made with and import into the new one.'],
  ),
  'hub/postgres-init': words(['新数据库没有建成。', 'The new database could not be made.'], notStarted, readCause),
  'hub/postgres-start': words(['数据库没有启动起来。', 'The database did not start.'], untouched, readCause),
  'hub/postgres-stray': words(
    ['上次的数据库进程还在运行。', 'A database process of an earlier run is still there.'],
    untouched,
    ['请等它结束, 或由管理员结束该进程。', 'Wait until it ends, or let the administrator end that process.'],
  ),
  'hub/postgres-unsafe': words(
    ['这个数据库的设置不能保证数据不丢。', 'The settings of this database do not keep data safe.'],
    notStarted,
    ['请管理员按所列项目改正数据库设置。', 'The administrator corrects the setting of the database that is named.'],
  ),
  'hub/postgres-unreachable': words(
    ['现在联系不上数据库。', 'The database cannot be reached now.'],
    ['已导入的都在; 新的交换包在等待。', 'All that was imported is there; new bundles wait.'],
    todo.wait,
  ),
  'hub/postgres-crashed': words(
    ['数据库意外停止。', 'The database stopped unexpectedly.'],
    ['已确认的内容都已写入磁盘。', 'All that was confirmed is on disk.'],
    readCause,
  ),
  'hub/schema-newer': words(
    ['数据是更新版本的程序写的。', 'The store was written by a later version of Outpost.'],
    untouched,
    ['请安装新版本后再启动。', 'Install the later version, then start.'],
  ),
  'hub/schema-unlike': words(
    ['数据库结构与本程序的升级步骤不符。', 'The store was not made by the steps this version knows.'],
    untouched,
    todo.administrator,
  ),
  'hub/card-invalid': words(
    ['所的登记卡读不懂, 或签名不符。', 'The card of the station cannot be read or its signature does not fit.'],
    ['没有登记这个所。', 'The station was not entered.'],
    ['请在该所重新导出登记卡。', 'Export the card again at the station.'],
  ),
  'hub/station-unknown': words(
    ['交换包来自没有登记的派出所。', 'The bundle comes from a station that is not entered here.'],
    refusedWhole,
    ['请先导入该所的登记卡。', 'Import the card of that station first.'],
  ),
  'hub/keys-awaited': words(
    ['还没有收到核对签名所需的密钥。', 'Keys needed to check the signatures have not arrived yet.'],
    ['内容先放着等待。', 'The content is set aside and waits.'],
    todo.wait,
  ),
  'hub/log-contradiction': words(
    ['该所的日志与以前送来的不一致。', 'The log of the station contradicts what it sent before.'],
    ['两份都已保留, 供核查。', 'Both are kept for examination.'],
    hubAuditor,
  ),
  'hub/type-unknown': words(
    ['有一类记录本版本还不认识。', 'A kind of record is not known to this version.'],
    ['内容原样保留, 更新后自动处理。', 'It is kept as it is and handled after the update.'],
    ['请更新中心的程序。', 'Update the hub.'],
  ),
  'hub/unreachable': words(
    ['现在联系不上中心。', 'The hub cannot be reached now.'],
    ['已显示的内容仍在; 各所照常工作。', 'What is on the screen stays; stations go on working.'],
    ['稍后会自动再试; 一直不行, 请管理员查看中心。', 'It is tried again by itself; if it lasts, the administrator looks at the hub.'],
  ),
  'hub/checkpoint-fork': words(
    ['该所送来两个互相矛盾的检查点。', 'The station sent two checkpoints that contradict each other.'],
    ['两份都已保留作为证据。', 'Both are kept as evidence.'],
    hubAuditor,
  ),
} as const
