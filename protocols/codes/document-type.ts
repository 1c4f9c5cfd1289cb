/** Documents a visitor may present (domain.md 3.3; own keys, the official values of GA/T 517 are not known to us: column `gat517` stays
 *  empty until a station fills it). `reads` says how the number is checked, never that a document of this kind is required. */
import { t } from '../text/text.ts'
import { type CodeRow, defineCodes } from './list.ts'

export interface DocumentTypeRow extends CodeRow {
  /** gb11643: identity number rule; mrz: machine-readable lines; text: as typed; none: there is no number. */
  readonly reads: 'gb11643' | 'mrz' | 'text' | 'none'
  readonly gat517: string
}

const row = (code: string, zh: string, en: string, reads: DocumentTypeRow['reads']): DocumentTypeRow => ({
  code,
  zh,
  en,
  reads,
  gat517: '',
})

export const documentTypes = defineCodes<DocumentTypeRow>({
  key: 'document-type',
  edition: 1,
  title: t('证件类型', 'Document type'),
  rows: [
    row('identityCard', '居民身份证', 'Identity card', 'gb11643'),
    row('temporaryCard', '临时身份证', 'Temporary identity card', 'gb11643'),
    row('householdBook', '户口簿', 'Household book', 'gb11643'),
    row('foreignPermanentCard', '外国人永久居留身份证', 'Foreign permanent resident card', 'text'),
    row('hongKongMacaoPermit', '港澳居民来往内地通行证', 'Travel permit, Hong Kong and Macao', 'text'),
    row('taiwanPermit', '台湾居民来往大陆通行证', 'Travel permit, Taiwan', 'text'),
    row('hongKongMacaoResidence', '港澳居民居住证', 'Residence permit, Hong Kong and Macao', 'gb11643'),
    row('taiwanResidence', '台湾居民居住证', 'Residence permit, Taiwan', 'gb11643'),
    row('chinesePassport', '中国护照', 'Chinese passport', 'mrz'),
    row('foreignPassport', '外国护照', 'Foreign passport', 'mrz'),
    row('officerCard', '军官证', 'Military officer card', 'text'),
    row('soldierCard', '士兵证', 'Soldier card', 'text'),
    row('armedPoliceCard', '武警证', 'Armed police card', 'text'),
    row('policeCard', '人民警察证', 'Police card', 'text'),
    row('drivingLicence', '驾驶证', 'Driving licence', 'text'),
    row('electronicIdentity', '电子身份 (网证)', 'Electronic identity (CTID)', 'text'),
    row('none', '无证件', 'No document', 'none'),
  ],
})
