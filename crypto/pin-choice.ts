/** Which PINs nobody may have, and the drawing of one that is issued. The list travels with the policy (security.md, 13): callers pass the
 *  policy's own words as `alsoBanned`. */
import type { Random } from './random.ts'

/** Words and runs that stand at the head of every list of leaked passwords, and keyboard and lucky runs of our users. Compared after NFKC in
 *  lower case. Runs, repeats and dates are rules below, not entries. */
const bannedWords: ReadonlySet<string> = new Set(
  `password passw0rd p@ssw0rd password1 password12 password123 passwort qwertyui qwertyuiop qwer1234 qwerty12 qwerty123 1q2w3e4r 1qaz2wsx
  1qazxsw2 q1w2e3r4 zaq12wsx asdfghjk asdfghjkl asdf1234 zxcvbnm1 abcd1234 abc12345 abc123456 a1234567 a12345678 a123456789 aa123456 aa112233
  iloveyou woaini1314 woaini520 woaini123 letmein1 welcome1 welcome123 changeme admin123 admin1234 admin888 administrator police110 police123
  jingcha110 gongan110 110110110 110120119 11011900 outpost1 outpost123 test1234 sunshine princess football baseball superman trustno1
  14725836 147258369 25836914 258369147 36925814 369258147 74108520 78945612 789456123 98765410 13579246 24681357 1357924680 2468013579
  52013140 5201314520 13145200 1314520 5201314 15926535 31415926 314159265 27182818 16899861 66668888 88886666 88889999 16888888 18888888
  147258 258369 369258 159357 357159 147852 258147 741852 852963 789456 456789 135790 246810 100200 520131 131452 521521 314159 110119 119110
  110120 112233 445566 778899 223344 332211 123321 456654 654456 987789`.split(/\s+/),
)

/** Difference of neighbours where it is the same all along; 0 follows 9. */
const commonStep = (text: string): number | null => {
  const stepAt = (i: number): number => {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1)
    return step === -9 ? 1 : step === 9 ? -1 : step
  }
  for (let i = 2; i < text.length; i++) if (stepAt(i) !== stepAt(1)) return null
  return stepAt(1)
}

/** One character, or a run up or down by one. */
const isRun = (text: string): boolean => {
  const step = commonStep(text)
  return step === 0 || step === 1 || step === -1
}

/** A shorter piece repeated: 1212, 123123, 12341234. */
const isRepeat = (text: string): boolean => (text + text).indexOf(text, 1) < text.length

/** Each character doubled along a run: 112233, 44332211. */
const isDoubledRun = (text: string): boolean => {
  const pairs = text.match(/(.)\1/gu)
  return pairs !== null && pairs.length * 2 === text.length && isRun(pairs.map((pair) => pair[0]).join(''))
}

const isDate = (text: string): boolean =>
  /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(text) ||
  /^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(19|20)\d\d$/.test(text) ||
  /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d$/.test(text)

const shortest = 6

/** True for anything under 6 characters, one character, runs, repeats, whole dates with a year of 1900 to 2099, and the listed words. */
export const isBannedPin = (pin: string, alsoBanned: ReadonlySet<string> = new Set()): boolean => {
  const text = pin.normalize('NFKC').toLowerCase()
  if (text.length < shortest) return true
  if (isRun(text) || isRepeat(text) || isDoubledRun(text) || isDate(text)) return true
  return bannedWords.has(text) || alsoBanned.has(text)
}

/** A PIN for tier T1, issued: six digits, each equally likely, drawn again while it is banned. */
export const issuePin = (random: Random, alsoBanned: ReadonlySet<string> = new Set()): string => {
  for (;;) {
    let pin = ''
    while (pin.length < shortest) {
      const byte = random.bytes(1)[0] as number
      if (byte < 250) pin += byte % 10
    }
    if (!isBannedPin(pin, alsoBanned)) return pin
  }
}
