/** The visitor's judgement of the handling of one matter. Made by the visitor alone, at the kiosk or by the slip's code. */
import { may } from '../record/access.ts'
import { defineRecord } from '../record/define.ts'
import { codes, field, hex, integer, ref, text, time } from '../record/field.ts'
import { t } from '../text/text.ts'

const kiosk = [may('kiosk', 'all')]

export const rating = defineRecord({
  type: 'rating',
  version: 1,
  title: t('评价', 'Rating'),
  fields: {
    matter: field(ref('visit'), { title: t('事项', 'Matter'), required: true, merge: 'locked' }),
    matterNumber: field(text(40), { title: t('事项编号', 'Number of the matter'), merge: 'locked' }),
    key: field(hex(16), { title: t('评价凭证', 'Key'), reach: 'stay', merge: 'locked' }),
    quality: field(integer(1, 5), { title: t('质量', 'Quality'), merge: 'locked' }),
    efficiency: field(integer(1, 5), { title: t('效率', 'Efficiency'), merge: 'locked' }),
    environment: field(integer(1, 5), { title: t('环境', 'Environment'), merge: 'locked' }),
    attitude: field(integer(1, 5), { title: t('态度', 'Attitude'), merge: 'locked' }),
    tags: field(codes('rating-tag'), { title: t('标签', 'Tags') }),
    ratedAt: field(time(), { title: t('评价时间', 'Rated'), merge: 'locked' }),
  },
  home: { born: 'station', moves: false },
  tracks: {
    rating: {
      title: t('评价', 'Rating'),
      states: ['invited', 'rated', 'declined', 'lapsed'],
      initial: 'invited',
      final: ['rated', 'declined', 'lapsed'],
      words: { invited: t('已邀评', 'Invited'), rated: t('已评价', 'Rated'), declined: t('放弃', 'Declined'), lapsed: t('逾期', 'Lapsed') },
      transitions: {
        rate: {
          title: t('评价', 'Rate'),
          from: ['invited'],
          to: 'rated',
          by: kiosk,
          needs: ['quality', 'efficiency', 'environment', 'attitude'],
          takes: ['tags', 'ratedAt'],
        },
        declineRating: { title: t('放弃评价', 'Decline'), from: ['invited'], to: 'declined', by: kiosk },
        lapseRating: { title: t('逾期', 'Lapse'), from: ['invited'], to: 'lapsed', by: [may('gateway', 'all')] },
      },
    },
  },
  access: {
    read: [may('front-desk', 'unit'), may('duty-leader', 'unit'), may('unit-leader', 'linked-units'), may('auditor', 'all'), may('kiosk', 'all'), may('gateway', 'all')],
    create: [may('gateway', 'all')],
    update: {},
  },
  label: 'internal',
  replica: { desk: { scope: 'unit', keepDays: 180, fields: ['matter', 'matterNumber', 'quality', 'efficiency', 'environment', 'attitude', 'tags', 'ratedAt', 'unit'] } },
  retention: { from: 'created', keepDays: 730, then: 'erase' },
  views: { list: ['matterNumber', 'quality', 'efficiency', 'environment', 'attitude'], statistics: { countBy: ['quality'] } },
})
