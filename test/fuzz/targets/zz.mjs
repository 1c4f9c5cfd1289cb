import { Fault } from '/work/main/protocols/errors.ts'
const counts = {}
import fc from '/work/main/node_modules/fast-check/lib/fast-check.js'
const { fuzzBundle } = await import('/work/main/test/fuzz/targets/bundle.ts')
Object.defineProperty(Fault.prototype, 'name', { set(v) { counts[this.message] = (counts[this.message] ?? 0) + 1 }, get() { return 'Fault' } })
fc.assert(fc.property(fc.uint8Array({minLength:3,maxLength:6}), fuzzBundle),{numRuns:20000})
console.log(counts)
