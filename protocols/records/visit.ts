/** One coming of a person to a station. Two tracks run side by side: presence and handling; its rating is a record of its own. */
import { may } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { code, field, hex, integer, lines, ref, rows, text, time } from '../record/field.ts'
import { t } from '../text/text.ts'
import { handling } from './visit-handling.ts'
import { presence } from './visit-presence.ts'

const kiosk = may('kiosk', 'own')
const door = [may('front-desk', 'unit'), may('duty-leader', 'unit')]
const officer = [may('officer', 'assigned')]

export const visit = defineRecord({
  type: 'visit',
  version: 1,
  title: t('来访', 'Visit'),
  fields: {
    visitor: field(ref('person'), { title: t('来访人', 'Visitor'), merge: 'evidence', sensitive: true }),
    reason: field(code('visit-reason'), { title: t('来访事由', 'Reason') }),
    reasonText: field(text(400), { title: t('补充说明', 'In their words') }),
    host: field(ref('account'), { title: t('被访人', 'Person visited') }),
    hostUnit: field(ref('unit'), { title: t('被访单位', 'Unit visited'), reach: 'open' }),
    companions: field(integer(0, 50), { title: t('随行人数', 'Companions') }),
    identifiedBy: field(code('identified-by'), { title: t('核验方式', 'Identified by'), merge: 'locked' }),
    identityReason: field(text(200), { title: t('人工核验说明', 'Why identified by hand'), merge: 'locked' }),
    consentAt: field(time(), { title: t('同意比对时间', 'Consent given'), merge: 'locked' }),
    matchScore: field(integer(0, 1000), { title: t('比对分值', 'Match score'), merge: 'locked' }),
    matchThreshold: field(integer(0, 1000), { title: t('比对阈值', 'Match threshold'), merge: 'locked' }),
    matchModel: field(text(60), { title: t('比对模型', 'Match model'), merge: 'locked' }),
    matchDecision: field(code('match-decision'), { title: t('比对结论', 'Match decision'), merge: 'locked' }),
    slipCode: field(hex(5), { title: t('来访单凭证', 'Slip code'), reach: 'stay', merge: 'locked' }),
    officer: field(ref('account'), { title: t('承办民警', 'Officer'), merge: 'locked' }),
    feedback: field(lines(2000), { title: t('处置反馈', 'Feedback') }),
    photos: field(
      rows({
        file: { kind: 'hex', bytes: 32 },
        key: { kind: 'hex', bytes: 32 },
        sha256: { kind: 'hex', bytes: 32 },
        sizeBytes: { kind: 'integer', min: 1, max: 64 * 1024 * 1024 },
        media: { kind: 'text', charsMax: 60 },
        takenAt: { kind: 'time' },
      }),
      { title: t('照片', 'Photos'), reach: 'stay' },
    ),
    referredTo: field(text(80), { title: t('转介去向', 'Referred to'), merge: 'locked' }),
    backReason: field(text(200), { title: t('退回或转交原因', 'Why handed on'), merge: 'locked' }),
    refuseReason: field(text(200), { title: t('拒绝原因', 'Why refused'), merge: 'locked' }),
    reopenReason: field(text(200), { title: t('重新办理原因', 'Why reopened'), merge: 'locked' }),
    checkedInAt: field(time(), { title: t('登记时间', 'Checked in'), reach: 'open', merge: 'locked' }),
    leftAt: field(time(), { title: t('离所时间', 'Left'), reach: 'open', merge: 'locked' }),
  },
  home: { born: 'station', moves: false },
  tracks: { presence, handling },
  access: {
    read: [
      ...door,
      ...officer,
      may('kiosk', 'all'),
      may('gateway', 'all'),
      may('unit-leader', 'linked-units', { level: 3 }),
      may('auditor', 'all'),
    ],
    create: [kiosk, ...door, may('officer', 'own')],
    update: {
      reason: door,
      reasonText: [kiosk, ...door],
      host: door,
      hostUnit: door,
      companions: [kiosk, ...door],
      feedback: officer,
      photos: officer,
    },
  },
  assigned: ['officer'],
  relations: { rating: 'matter', invitation: 'visit' },
  label: 'internal',
  replica: {
    handheld: {
      scope: 'assigned',
      keepDays: 14,
      pulls: { visitor: ['name', 'documentType', 'numberMasked', 'sex', 'unit'] },
    },
    desk: { scope: 'unit', keepDays: 180 },
  },
  retention: { from: 'leftAt', keepDays: 730, then: 'erase' },
  views: {
    list: ['number', 'reason', 'officer', 'checkedInAt'],
    form: ['visitor', 'reason', 'reasonText', 'host', 'companions'],
    timeline: ['feedback', 'photos', 'leftAt'],
    statistics: { countBy: ['reason', 'officer'] },
  },
})
