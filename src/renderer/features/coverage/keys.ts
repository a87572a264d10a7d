import type { LocalKey } from '../../panels/keys.ts';

/** Moves the focus by so many days. */
export interface Calendar {
  readonly walk: (days: number) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 };

export const calendarKeys: readonly LocalKey<Calendar>[] = [
  { keys: Object.keys(STEPS), does: 'From day to day, and from week to week', run: ({ walk }, key) => walk(STEPS[key] ?? 0) },
];
