/** What the demo station is called, apart from its seed: a start on a filled folder needs no more. */
export const stationFacts = { code: '000000010000', name: '听潮派出所', nameEn: 'Tingchao Police Station' } as const
