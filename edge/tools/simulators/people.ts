/** The invented people of the demonstration and their documents (domain.md 8): address code 000000 belongs to no division, the check digits are
 *  right. Nobody here lives or lived. */
import type { Swipe } from '#protocols/device/reader.ts'

export type SimulatedDocument = Swipe['document']

export interface DemoPerson {
  readonly key: string
  /** For the button. */
  readonly label: string
  readonly document: SimulatedDocument
}

const card = (
  key: string,
  name: string,
  number: string,
  sex: 'm' | 'f',
  birth: string,
  address: string,
  from: string,
  until: string,
): DemoPerson => ({
  key,
  label: name,
  document: { documentType: 'identityCard', number, name, sex, birth, address, validity: { from, until } },
})

export const demoPeople: readonly DemoPerson[] = [
  card('lin', '林小满', '00000019881222404X', 'f', '1988-12-22', '云汐市拾贝路18号', '2018-05-21', '2038-05-21'),
  card('chen', '陈立春', '000000199003201010', 'm', '1990-03-20', '云汐市归帆街7号', '2016-02-04', '2036-02-04'),
  card('wu', '吴白露', '000000195411072029', 'f', '1954-11-07', '云汐市灯塔巷3号', '2010-09-08', 'longTerm'),
  card('zheng', '郑惊蛰', '000000201406013030', 'm', '2014-06-01', '云汐市盐仓里21号', '2024-03-05', '2029-03-05'),
  card('he', '何谷雨', '000000200002295057', 'm', '2000-02-29', '云汐市归帆街45号', '2016-04-20', '2026-04-20'),
  card('han', '韩霜降', '000000197909106061', 'f', '1979-09-10', '云汐市拾贝路102号', '2019-10-23', '2039-10-23'),
  {
    // The specimen of ICAO Doc 9303: an invented state, expired in 2012.
    key: 'foreign',
    label: 'ANNA MARIA ERIKSSON',
    document: {
      documentType: 'foreignPassport',
      mrz: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
    },
  },
  { key: 'unreadable', label: '读不出的证件', document: { unreadable: true, reason: 'damaged' } },
]

export const demoPerson = (key: string): DemoPerson | undefined => demoPeople.find((person) => person.key === key)

/** What a drawn face is made from: two documents of one number show one face. */
export function faceOf(document: SimulatedDocument): string | null {
  if ('unreadable' in document) return null
  return 'mrz' in document ? (document.mrz[1] ?? '').slice(0, 9) : document.number
}
