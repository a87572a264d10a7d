import type { LocalKey } from '../../panels/keys.ts';

/** What the keys of a calculator's field do to it. */
export interface KeyedField {
  step(by: number): void;
  keep(): void;
  reset(): void;
}

export const fieldKeys: readonly LocalKey<KeyedField>[] = [
  { keys: ['ArrowUp', 'ArrowDown'], does: 'The last digit up or down', run: (field, key) => field.step(key === 'ArrowUp' ? 1 : -1) },
  {
    keys: ['Shift+ArrowUp', 'Shift+ArrowDown'],
    does: 'Ten of it',
    run: (field, key) => field.step(key === 'Shift+ArrowUp' ? 10 : -10),
  },
  { keys: ['Enter'], does: 'Keep it as your own constant', run: (field) => field.keep() },
  { keys: ['Escape'], does: 'Back to what is live, then back to the chart', run: (field) => field.reset() },
];
