/** Lists around incidents: how a report came in, a unit's part in the handling, and how a handling ended. */
import { t } from '../text/text.ts'
import { type CodeRow, defineCodes } from './list.ts'

export const intakeChannels = defineCodes({
  key: 'intake-channel',
  edition: 1,
  title: t('报警途径', 'Channel of report'),
  rows: [
    { code: 'call110', zh: '110电话', en: '110 call' },
    { code: 'online', zh: '网络报警', en: 'Reporting page' },
    { code: 'inPerson', zh: '当面报警', en: 'In person' },
    { code: 'visit', zh: '来访转入', en: 'From a visit' },
    { code: 'stationPhone', zh: '派出所电话', en: 'Station telephone' },
    { code: 'patrol', zh: '巡逻发现', en: 'Found on patrol' },
    { code: 'otherAuthority', zh: '其他部门转来', en: 'From another authority' },
  ],
})

export interface HandlingRoleRow extends CodeRow {
  /** Role of the unit in EIDO. */
  readonly eido: 'CallReceiving' | 'Dispatching' | 'Dispatched' | 'TransferredTo' | 'Assisting' | 'Informational'
}

export const handlingRoles = defineCodes<HandlingRoleRow>({
  key: 'handling-role',
  edition: 1,
  title: t('处警角色', 'Role in the handling'),
  rows: [
    { code: 'lead', zh: '主办', en: 'Lead', eido: 'Dispatched' },
    { code: 'assisting', zh: '增援', en: 'Assisting', eido: 'Assisting' },
    { code: 'transferredTo', zh: '移交接收', en: 'Handed over to', eido: 'TransferredTo' },
    { code: 'informed', zh: '知会', en: 'Informed', eido: 'Informational' },
  ],
})

/** APCO 1.111.2-2018, list for police, with its two-digit codes. */
export const dispositions = defineCodes({
  key: 'disposition',
  edition: 1,
  title: t('处置结果', 'Disposition'),
  rows: [
    { code: '01', zh: '已受理并制作笔录', en: 'Report taken' },
    { code: '02', zh: '未制作笔录', en: 'No report' },
    { code: '03', zh: '抓获人员', en: 'Arrest' },
    { code: '04', zh: '当场处罚', en: 'Citation' },
    { code: '05', zh: '电话处理', en: 'Settled by telephone' },
    { code: '06', zh: '发布协查', en: 'Look-out broadcast' },
    { code: '07', zh: '民事纠纷', en: 'Civil matter' },
    { code: '08', zh: '补充材料', en: 'Follow-up report' },
    { code: '09', zh: '传唤', en: 'Summons' },
    { code: '10', zh: '活动取消', en: 'Event cancelled' },
    { code: '11', zh: '现场盘问', en: 'Field interview' },
    { code: '12', zh: '扣押或寻获物品', en: 'Property seized or found' },
    { code: '13', zh: '信息或行政事务', en: 'Information or administration' },
    { code: '14', zh: '到达时已离开', en: 'Gone on arrival' },
    { code: '15', zh: '转交其他部门', en: 'Referred to a partner agency' },
    { code: '16', zh: '护送', en: 'Transport or escort' },
    { code: '17', zh: '误报', en: 'False alarm' },
    { code: '18', zh: '当面调处', en: 'Settled by contact' },
    { code: '19', zh: '建筑封停', en: 'Building condemned' },
    { code: '20', zh: '建筑安全', en: 'Building secure' },
    { code: '21', zh: '途中撤回', en: 'Unit cancelled en route' },
    { code: '22', zh: '重复报警', en: 'Duplicate call' },
  ],
})
