/** How a visitor judges the handling (V10): four dimensions, five grades, tags. The dimensions are a table because they are fixed from above. */
import { t } from '../text/text.ts'
import { type CodeRow, defineCodes } from './list.ts'

export const ratingDimensions = defineCodes({
  key: 'rating-dimension',
  edition: 1,
  title: t('评价维度', 'Dimension of rating'),
  rows: [
    { code: 'quality', zh: '质量', en: 'Quality' },
    { code: 'efficiency', zh: '效率', en: 'Efficiency' },
    { code: 'environment', zh: '环境', en: 'Environment' },
    { code: 'attitude', zh: '态度', en: 'Attitude' },
  ],
})

export const ratingGrades = defineCodes({
  key: 'rating-grade',
  edition: 1,
  title: t('满意程度', 'Grade of rating'),
  rows: [
    { code: '5', zh: '非常满意', en: 'Very satisfied' },
    { code: '4', zh: '满意', en: 'Satisfied' },
    { code: '3', zh: '基本满意', en: 'Mostly satisfied' },
    { code: '2', zh: '不满意', en: 'Dissatisfied' },
    { code: '1', zh: '非常不满意', en: 'Very dissatisfied' },
  ],
})

export interface RatingTagRow extends CodeRow {
  /** praise is offered with grades of 3 and better, concern with 1 and 2. */
  readonly tone: 'praise' | 'concern'
}

export const ratingTags = defineCodes<RatingTagRow>({
  key: 'rating-tag',
  edition: 1,
  title: t('评价标签', 'Rating tag'),
  rows: [
    { code: 'patient', zh: '耐心细致', en: 'Patient', tone: 'praise' },
    { code: 'quick', zh: '办理快捷', en: 'Quick', tone: 'praise' },
    { code: 'clear', zh: '解释清楚', en: 'Well explained', tone: 'praise' },
    { code: 'fair', zh: '公正', en: 'Fair', tone: 'praise' },
    { code: 'tidy', zh: '环境整洁', en: 'Tidy place', tone: 'praise' },
    { code: 'longWait', zh: '等候太久', en: 'Long wait', tone: 'concern' },
    { code: 'unclear', zh: '说明不清', en: 'Badly explained', tone: 'concern' },
    { code: 'unfriendly', zh: '态度欠佳', en: 'Unfriendly', tone: 'concern' },
    { code: 'hardToFind', zh: '指引不清', en: 'Hard to find the way', tone: 'concern' },
    { code: 'cameTwice', zh: '多次往返', en: 'Had to come again', tone: 'concern' },
  ],
})
