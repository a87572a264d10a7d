import type { LocalKey } from '../../panels/keys.ts';

/** A rule of the list that has the focus. */
export interface KeyedRule {
  toggle(): void;
  snooze(): void;
  remove(): void;
  walk(by: number): void;
}

export const alertKeys: readonly LocalKey<KeyedRule>[] = [
  { keys: ['ArrowUp', 'ArrowDown'], does: 'From alert to alert', run: (rule, key) => rule.walk(key === 'ArrowUp' ? -1 : 1) },
  { keys: [' '], does: 'Switch it on or off', run: (rule) => rule.toggle() },
  { keys: ['z'], does: 'Snooze it for 8 hours, or end that', run: (rule) => rule.snooze() },
  { keys: ['Delete'], does: 'Delete it', run: (rule) => rule.remove() },
];
