import { describe, expect, test } from 'vitest'
import type { Swipe } from '#protocols/device/reader.ts'
import type { DocumentReading } from '#protocols/device/reading.ts'
import { readDocument } from '../../../../edge/devices/reader.ts'
import { demoPeople } from '../../../../edge/tools/simulators/people.ts'

const today = '2026-11-21'
const read = (document: Swipe['document'], day = today) => readDocument({ v: 1, seq: 1, at: 1, document }, day)
const readOk = (document: Swipe['document'], day = today) => read(document, day) as DocumentReading
const lin = {
  documentType: 'identityCard',
  number: '00000019881222404X',
  name: '林小满',
} as const

describe('identity card', () => {
  test('birth and sex come from the number when the card does not say them', () => {
    expect(read(lin)).toEqual({
      ok: true,
      documentType: 'identityCard',
      number: '00000019881222404X',
      numberMasked: '000***********404X',
      name: '林小满',
      nameVerified: false,
      sex: 'f',
      birth: '1988-12-22',
      address: null,
      nationality: null,
      validFrom: null,
      validUntil: null,
      passed: ['document/form', 'document/date', 'document/check-digit', 'document/contradiction'],
      failed: [],
    })
  })

  test.each([
    ['a wrong check character', '110105194912310021', ['document/check-digit'], ['document/form', 'document/date']],
    ['29 February 1900, whose check fits', '000000190002290014', ['document/date'], ['document/form']],
    ['17 digits', '00000019881222404', ['document/form'], []],
    ['a letter inside', '0000001988122240AX', ['document/form'], []],
  ])('%s fails its check and claims no other', (_title, number, failed, passed) => {
    expect(readOk({ ...lin, number })).toMatchObject({ ok: true, number, failed, passed, birth: null, sex: null })
  })

  test('a small x is the same number', () => {
    expect(readOk({ ...lin, number: '00000019881222404x' }).number).toBe('00000019881222404X')
  })

  test('print that contradicts the number is a finding, and the print is what is shown', () => {
    expect(readOk({ ...lin, sex: 'm' })).toMatchObject({ sex: 'm', failed: ['document/contradiction'] })
    expect(readOk({ ...lin, birth: '1988-12-23' })).toMatchObject({
      birth: '1988-12-23',
      failed: ['document/contradiction'],
    })
  })

  test('it is valid on its last day and expired on the next; one for the long term never expires', () => {
    const until = (until: string) => ({ ...lin, validity: { until } })
    expect(readOk(until('2026-11-21')).passed).toContain('document/expired')
    expect(readOk(until('2026-11-20')).failed).toEqual(['document/expired'])
    expect(readOk(until('longTerm'), '2999-01-01').failed).toEqual([])
    const tomorrow = { ...lin, validity: { from: '2026-11-22', until: '2036-11-22' } }
    expect(readOk(tomorrow).failed).toEqual(['document/not-yet-valid'])
  })

  test('a residence permit follows the same rule, an officer’s card follows none', () => {
    expect(readOk({ ...lin, documentType: 'taiwanResidence', number: '110105194912310021' }).failed).toEqual([
      'document/check-digit',
    ])
    const officer = readOk({ ...lin, documentType: 'officerCard', number: '军字第001号' })
    expect(officer).toMatchObject({ passed: [], failed: [], sex: null, birth: null })
  })
})

describe('machine-readable lines', () => {
  const specimen = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10']

  test('the specimen is read, its expiry noticed, its name not called verified', () => {
    expect(read({ documentType: 'foreignPassport', mrz: specimen })).toMatchObject({
      ok: true,
      number: 'L898902C3',
      name: 'ERIKSSON ANNA MARIA',
      nameVerified: false,
      nationality: 'UTO',
      sex: 'f',
      birth: '1974-08-12',
      validUntil: '2012-04-15',
      passed: ['document/check-digit', 'document/date'],
      failed: ['document/expired'],
    })
  })

  test('a misread character makes the lines unreadable: what fails its check digit is not shown as data', () => {
    const mrz = [specimen[0] ?? '', (specimen[1] ?? '').replace('7408122', '7408127')]
    expect(read({ documentType: 'foreignPassport', mrz })).toEqual({
      ok: false,
      code: 'document/unreadable',
      reason: 'mrz-check',
    })
  })
})

test('something unreadable keeps its reason', () => {
  expect(read({ unreadable: true, reason: 'removed' })).toEqual({
    ok: false,
    code: 'document/unreadable',
    reason: 'removed',
  })
})

test('the demo people have right numbers, but for those made to show a fault', () => {
  const faults = demoPeople.map(({ key, document }) => {
    const reading = read(document)
    return [key, reading.ok ? reading.failed : reading.code]
  })
  expect(Object.fromEntries(faults)).toEqual({
    lin: [],
    chen: [],
    wu: [],
    zheng: [],
    he: ['document/expired'],
    han: [],
    foreign: ['document/expired'],
    unreadable: 'document/unreadable',
  })
})
