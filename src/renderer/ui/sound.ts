import type { Severity } from '#domain/telling.ts';

/** A tone of the pattern: Hz, and seconds from the beginning. */
interface Tone {
  readonly hz: number;
  readonly at: number;
}
const TONE_S = 0.12;
const GAIN = 0.12;

/** One tone for what may wait, two that rise, three quick high ones: told apart without looking. */
export const TONES: Readonly<Record<Severity, readonly Tone[]>> = {
  info: [{ hz: 523, at: 0 }],
  warning: [
    { hz: 587, at: 0 },
    { hz: 784, at: 0.18 },
  ],
  critical: [
    { hz: 988, at: 0 },
    { hz: 988, at: 0.16 },
    { hz: 1319, at: 0.32 },
  ],
};

let audio: AudioContext | null = null;

/** Made by the browser itself, so it works offline. Of several windows one plays; where the browser waits for a click first, nothing is heard. */
export async function playSound(severity: Severity): Promise<void> {
  await navigator.locks.request('perpscope-alert-sound', { ifAvailable: true }, async (mine) => {
    if (mine === null) return;
    const context = (audio ??= new AudioContext());
    if (context.state !== 'running') await context.resume();
    const begin = context.currentTime;
    await Promise.all(TONES[severity].map((tone) => playTone(context, begin, tone)));
  });
}

function playTone(context: AudioContext, begin: number, { hz, at }: Tone): Promise<void> {
  const tone = context.createOscillator();
  const gain = context.createGain();
  const [from, to] = [begin + at, begin + at + TONE_S];
  tone.frequency.value = hz;
  // Ramps, for a tone that is cut clicks.
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(GAIN, from + 0.01);
  gain.gain.linearRampToValueAtTime(0, to);
  tone.connect(gain).connect(context.destination);
  return new Promise((resolve) => {
    tone.onended = () => resolve();
    tone.start(from);
    tone.stop(to);
  });
}
