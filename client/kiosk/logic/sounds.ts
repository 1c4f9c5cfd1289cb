/** Two short tones, made by the page itself. Each has a visible twin on the screen, so a kiosk without a loudspeaker loses nothing. */
import type { Flash } from './kiosk.ts'

/** Frequency in Hz and when it begins, in seconds after the first. */
type Note = readonly [frequencyHz: number, atSeconds: number]
const notes: Readonly<Record<Flash['tone'], readonly Note[]>> = {
  ok: [
    [880, 0],
    [1318, 0.11],
  ],
  bad: [
    [330, 0],
    [247, 0.16],
  ],
}
const noteSeconds = 0.14
const loudness = 0.18

export interface Sounds {
  play(tone: Flash['tone']): void
  close(): void
}

export function createSounds(): Sounds {
  let context: AudioContext | null = null
  const contextNow = (): AudioContext | null => {
    if (typeof AudioContext === 'undefined') return null
    context ??= new AudioContext()
    return context
  }
  return {
    play(tone) {
      const audio = contextNow()
      if (!audio) return
      // Before anybody has touched the screen the browser keeps it silent; the visible sign stands alone then.
      void audio.resume().catch(() => {})
      for (const [frequencyHz, atSeconds] of notes[tone]) {
        const begin = audio.currentTime + atSeconds
        const oscillator = audio.createOscillator()
        const gain = audio.createGain()
        oscillator.frequency.value = frequencyHz
        gain.gain.setValueAtTime(0, begin)
        gain.gain.linearRampToValueAtTime(loudness, begin + 0.015)
        gain.gain.exponentialRampToValueAtTime(0.0001, begin + noteSeconds)
        oscillator.connect(gain).connect(audio.destination)
        oscillator.start(begin)
        oscillator.stop(begin + noteSeconds)
      }
    },
    close: () => void context?.close().catch(() => {}),
  }
}
