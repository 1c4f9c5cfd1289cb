/** Words for readers, kiosks, printers, cameras and the broker they talk through. Most are read by the administrator. */
import { kept, todo, words } from './words.ts'

const notDelivered = [
  '这条消息没有收下, 其他设备不受影响。',
  'This message was not taken in; other devices are not affected.',
] as const
const notStarted = [
  '网关的其他部分照常工作, 设备消息在设备上等待。',
  'The rest of the gateway works; messages wait on the devices.',
] as const
const noPicture = [
  '没有存下图片, 事项可以照常办理。',
  'No picture was stored; the matter can go on without one.',
] as const
const deviceAdvice = [
  '请厂家或管理员按读卡桥接说明检查设备程序。',
  'The maker or the administrator checks the device against the bridge protocol.',
] as const

export const deviceErrors = {
  'device/unknown': words(
    ['这台设备没有在本所登记, 或凭证不对。', 'This device is not enrolled here, or its secret is wrong.'],
    notDelivered,
    [
      '请管理员在设备登记中核对, 需要时重新登记。',
      'The administrator checks the device register and enrols it anew if needed.',
    ],
  ),
  'device/topic-denied': words(
    ['设备发到了它无权使用的主题。', 'The device used a topic it has no right to.'],
    notDelivered,
    deviceAdvice,
  ),
  'device/qos-denied': words(
    ['设备没有按规定的送达方式发送。', 'The device did not use the required delivery level.'],
    notDelivered,
    deviceAdvice,
  ),
  'device/retain-denied': words(
    ['设备要求留存不允许留存的消息。', 'The device asked to retain a message that may not be retained.'],
    notDelivered,
    deviceAdvice,
  ),
  'device/clean-session-denied': words(
    ['设备要求的连接方式不允许。', 'The device asked for a kind of connection that is not permitted.'],
    notDelivered,
    deviceAdvice,
  ),
  'device/queue-full': words(
    ['等待处理的设备消息已满。', 'The queue of device messages is full.'],
    ['已在队列中的都保留; 新的留在设备上。', 'What is in the queue is kept; what is new waits on the device.'],
    ['请管理员查看网关的磁盘和运行页面。', 'The administrator should look at the disk and the operations page.'],
  ),
  'device/seq-repeated': words(
    ['这条消息以前收到过, 没有重复处理。', 'This message came before and was not handled a second time.'],
    ['第一次收到的结果有效。', 'The first result stands.'],
    ['无需操作。', 'Nothing to do.'],
  ),
  'device/seq-stale': words(
    ['消息序号比已收到的还旧。', 'The message has a number older than one that came already.'],
    notDelivered,
    [
      '请管理员重启设备; 设备若已更换或重装, 请重新登记。',
      'The administrator restarts the device, or enrols it anew if it was replaced.',
    ],
  ),
  'device/ingest-failed': words(
    ['设备消息已收到, 但没能处理完。', 'The message of the device arrived but could not be handled.'],
    ['消息保留在队列中, 会再次处理。', 'It stays in the queue and is tried again.'],
    todo.wait,
  ),
  'device/unreachable': words(['设备现在联系不上。', 'The device cannot be reached now.'], kept.records, [
    '请检查电源和网线; 可先走人工办理。',
    'Check its power and cable; meanwhile go on by hand.',
  ]),
  'broker/config-invalid': words(
    ['设备消息服务的设置有误, 没有启动。', 'The settings of the broker are wrong; it was not started.'],
    notStarted,
    ['请管理员按所列各项改正设置。', 'The administrator corrects the settings listed.'],
  ),
  'broker/credentials-invalid': words(
    [
      '设备凭证文件缺失、不安全或格式不对。',
      'The file of device secrets is missing, readable by others or of a wrong form.',
    ],
    notStarted,
    ['请管理员检查该文件及其权限。', 'The administrator checks the file and who may read it.'],
  ),
  'broker/port-in-use': words(
    ['设备消息服务的端口已被占用。', 'The port of the broker is in use by another program.'],
    notStarted,
    ['请停掉占用端口的程序, 或换一个端口。', 'Stop the other program or choose another port.'],
  ),
  'broker/address-denied': words(
    ['设备消息服务的监听地址不存在或不允许。', 'The address of the broker does not exist here or is not permitted.'],
    notStarted,
    ['请管理员改正监听地址。', 'The administrator corrects the address.'],
  ),
  'broker/folder-unwritable': words(
    ['设备消息服务的数据文件夹不能写入。', 'The folder of the broker cannot be written.'],
    notStarted,
    ['请管理员检查文件夹的权限和磁盘空间。', 'The administrator checks the rights of the folder and the disk.'],
  ),
  'broker/folder-locked': words(
    ['设备消息服务的数据文件夹正被另一个进程使用。', 'The folder of the broker is in use by another process.'],
    notStarted,
    [
      '请确认没有启动两次, 等旧的进程结束后再启动。',
      'Make sure it was not started twice; start again when the old one has ended.',
    ],
  ),
  'broker/not-started': words(
    ['设备消息服务没有启动起来。', 'The broker did not start.'],
    notStarted,
    todo.administrator,
  ),
  'camera/unreachable': words(['摄像机联系不上。', 'The camera cannot be reached.'], noPicture, [
    '请检查摄像机的电源和网络。',
    'Check the power and network of the camera.',
  ]),
  'camera/timeout': words(['摄像机没有及时给出图片。', 'The camera did not give a picture in time.'], noPicture, [
    '请再试一次; 仍不行请检查摄像机。',
    'Try again; if that does not help, check the camera.',
  ]),
  'camera/denied': words(['摄像机拒绝了账号或密码。', 'The camera did not accept name and password.'], noPicture, [
    '请管理员更新该摄像机的密码。',
    'The administrator renews the password of this camera.',
  ]),
  'camera/not-a-picture': words(['摄像机给出的不是图片。', 'What the camera sent is no picture.'], noPicture, [
    '请管理员检查该摄像机的截图地址。',
    'The administrator checks the picture address of this camera.',
  ]),
} as const
