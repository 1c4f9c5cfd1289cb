/** A kiosk, reader, camera, handheld, desk or gateway known to this station. Its certificate or secret stands in the gateway's own table. */
import { may, staff } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { code, field, hex, ref, text, time } from '../record/field.ts'
import { t } from '../text/text.ts'

const gateway = [may('gateway', 'all')]

export const device = defineRecord({
  type: 'device',
  version: 1,
  title: t('设备', 'Device'),
  fields: {
    kind: field(code('device-kind'), { title: t('类别', 'Kind'), required: true }),
    name: field(text(60), { title: t('名称', 'Name'), required: true }),
    place: field(text(80), { title: t('位置', 'Place') }),
    kiosk: field(ref('device'), { title: t('所属自助机', 'Belongs to kiosk') }),
    publicKey: field(hex(32), { title: t('设备公钥', 'Public key') }),
    firmware: field(text(40), { title: t('固件', 'Firmware') }),
    paper: field(code('paper-state'), { title: t('纸张', 'Paper') }),
    heardAt: field(time(), { title: t('最近消息', 'Last heard') }),
  },
  home: { born: 'station', moves: false },
  tracks: {
    presence: {
      title: t('在线', 'Presence'),
      states: ['enrolled', 'active', 'silent', 'disabled', 'wiped'],
      initial: 'enrolled',
      final: ['wiped'],
      words: {
        enrolled: t('已登记', 'Enrolled'),
        active: t('在线', 'Online'),
        silent: t('无响应', 'Silent'),
        disabled: t('停用', 'Disabled'),
        wiped: t('已清除', 'Wiped'),
      },
      transitions: {
        appear: { title: t('上线', 'Appeared'), from: ['enrolled', 'silent'], to: 'active', by: gateway, takes: ['heardAt', 'firmware'] },
        fallSilent: { title: t('失联', 'Fell silent'), from: ['active', 'enrolled'], to: 'silent', by: gateway, takes: ['heardAt'] },
        disableDevice: {
          title: t('停用', 'Disable'),
          from: ['enrolled', 'active', 'silent'],
          to: 'disabled',
          by: [may('administrator', 'all'), may('front-desk', 'unit')],
        },
        wipeDevice: { title: t('清除', 'Wiped'), from: ['disabled'], to: 'wiped', by: gateway },
        enableDevice: { title: t('启用', 'Enable'), from: ['disabled'], to: 'enrolled', by: [may('administrator', 'all')] },
      },
    },
  },
  access: {
    read: staff(),
    create: [may('administrator', 'all'), ...gateway],
    update: {
      name: [may('administrator', 'all')],
      place: [may('administrator', 'all')],
      kiosk: [may('administrator', 'all')],
      firmware: gateway,
      paper: gateway,
      heardAt: gateway,
    },
  },
  label: 'internal',
  replica: { desk: { scope: 'unit', keepDays: 365 } },
  retention: { from: 'updated', keepDays: 365, then: 'keep' },
  views: { list: ['kind', 'name', 'place', 'paper'], form: ['kind', 'name', 'place', 'kiosk'] },
})
