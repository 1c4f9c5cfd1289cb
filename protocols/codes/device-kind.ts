/** What stands or is carried in a station, and the state of a printer's paper. */
import { t } from '../text/text.ts'
import { defineCodes } from './list.ts'

export const deviceKinds = defineCodes({
  key: 'device-kind',
  edition: 1,
  title: t('设备类别', 'Device kind'),
  rows: [
    { code: 'gateway', zh: '网关', en: 'Gateway' },
    { code: 'kiosk', zh: '自助机', en: 'Kiosk' },
    { code: 'reader', zh: '证件阅读器', en: 'Document reader' },
    { code: 'camera', zh: '摄像机', en: 'Camera' },
    { code: 'printer', zh: '来访单打印机', en: 'Slip printer' },
    { code: 'handheld', zh: '警务通', en: 'Handheld' },
    { code: 'desk', zh: '工作台', en: 'Desk' },
    { code: 'lane', zh: '单向通道', en: 'Lane' },
  ],
})

export const paperStates = defineCodes({
  key: 'paper-state',
  edition: 1,
  title: t('纸张状态', 'Paper'),
  rows: [
    { code: 'ok', zh: '有纸', en: 'Enough paper' },
    { code: 'low', zh: '纸将用完', en: 'Paper low' },
    { code: 'out', zh: '缺纸', en: 'No paper' },
    { code: 'unknown', zh: '未知', en: 'Not known' },
  ],
})
