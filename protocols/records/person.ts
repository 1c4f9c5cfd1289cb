/** A person as a document or their own words gave them. One record per coming: nothing is looked up and joined behind a visitor's back. */
import { may } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { code, date, field, text } from '../record/field.ts'
import { t } from '../text/text.ts'
import { registerTrack } from './register-track.ts'

const desk = [may('front-desk', 'unit'), may('duty-leader', 'unit')]

export const person = defineRecord({
  type: 'person',
  version: 1,
  title: t('人员', 'Person'),
  fields: {
    name: field(text(80), { title: t('姓名', 'Name'), merge: 'evidence', sensitive: true }),
    documentType: field(code('document-type'), { title: t('证件类型', 'Document type'), required: true }),
    documentNumber: field(text(40), { title: t('证件号码', 'Document number'), merge: 'evidence', sensitive: true }),
    numberMasked: field(text(40), { title: t('证件号码', 'Document number, masked') }),
    sex: field(code('sex'), { title: t('性别', 'Sex') }),
    birth: field(date(), { title: t('出生日期', 'Birth date'), sensitive: true }),
    nationality: field(text(3), { title: t('国籍', 'Nationality') }),
    documentExpiry: field(date(), { title: t('证件有效期', 'Valid until') }),
    phone: field(text(24), { title: t('联系电话', 'Phone'), sensitive: true }),
    source: field(code('person-source'), { title: t('来源', 'Source'), required: true }),
  },
  home: { born: 'station', moves: false },
  tracks: { register: registerTrack(desk) },
  access: {
    read: [...desk, may('officer', 'all'), may('kiosk', 'own'), may('gateway', 'all'), may('auditor', 'all')],
    create: [may('kiosk', 'own'), ...desk],
    update: { name: desk, documentNumber: desk, numberMasked: desk, phone: [...desk, may('kiosk', 'own')] },
  },
  label: 'internal',
  replica: { desk: { scope: 'unit', keepDays: 180 } },
  retention: { from: 'created', keepDays: 730, then: 'erase' },
  views: { list: ['documentType', 'numberMasked', 'sex'], form: ['name', 'documentType', 'documentNumber', 'phone'] },
})
