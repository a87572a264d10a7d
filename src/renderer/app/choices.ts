import type { Settings } from '#bridge/settings.ts';

export const units = ['interval', '1h', '8h', 'day', 'apr'] as const satisfies readonly Settings['unit'][];

export const themes: readonly { value: Settings['theme']; text: string }[] = [
  { value: 'dark', text: 'Dark' },
  { value: 'light', text: 'Light' },
  { value: 'contrast', text: 'High contrast' },
];

export const colourings: readonly { value: Settings['colours']; text: string }[] = [
  { value: 'standard', text: 'Amber and cyan' },
  { value: 'safe', text: 'Yellow and blue, for colour blindness' },
];

export const densities: readonly { value: Settings['density']; text: string }[] = [
  { value: 'compact', text: 'Compact, 24 px' },
  { value: 'normal', text: 'Normal, 28 px' },
  { value: 'roomy', text: 'Comfortable, 32 px' },
];

export const numberFormats: readonly { value: Settings['numberFormat']; text: string }[] = [
  { value: 'system', text: 'As the system writes them' },
  { value: 'point', text: '1,234.5' },
  { value: 'comma', text: '1.234,5' },
  { value: 'space', text: '1\u202F234,5' },
  { value: 'plain', text: '1234.5' },
];

/** The next choice, round and round. */
export function after<T>(choices: readonly T[], value: T): T {
  return choices[(choices.indexOf(value) + 1) % choices.length] ?? value;
}
