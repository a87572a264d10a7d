import type { Mark } from '#bridge/chart-look.ts';

export const MARK_NAMES: Readonly<Record<Mark, string>> = {
  entry: 'Entries of signals',
  interval: 'Interval changes',
  formula: 'Formula changes',
  flip: 'Flips of the sign',
  settlement: 'Settlements',
  alert: 'Alerts that fired',
  note: 'Notes',
};
