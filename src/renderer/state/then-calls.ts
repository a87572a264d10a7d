import { type CallInput, type CallName, calls } from '#bridge/contract.ts';
import type { Moment } from '#bridge/as-of.ts';

/** What changes the lists, thresholds and rules of today, or takes a price of then for one of now. */
export const OF_NOW: ReadonlySet<CallName> = new Set([
  'watchlist.add',
  'watchlist.remove',
  'watchlist.move',
  'watchlist.divide',
  'watchlist.arrange',
  'watchlist.create',
  'watchlist.rename',
  'watchlist.delete',
  'watchlist.restore',
  'watchlist.import',
  'thresholds.change',
  'setup.take',
  'alerts.save',
  'alerts.delete',
  'positions.open',
  'positions.close',
] satisfies CallName[]);

export const TAKES_MOMENT: ReadonlySet<string> = new Set(
  Object.entries(calls).flatMap(([name, { input }]) => ('shape' in input && 'asOf' in input.shape ? name : [])),
);

/** Of a stretch of time, which ends with the moment. */
export const ENDS_THEN = ['evidence.count'] as const satisfies readonly CallName[];
const endsThen: ReadonlySet<CallName> = new Set(ENDS_THEN);

export const timeOf = (moment: Moment): number => (typeof moment === 'number' ? moment : moment.venueTime);

/** What is asked at a moment of the past, of what was known then; null: it is only of now. */
export function askedThen<N extends CallName>(name: N, input: CallInput<N>, moment: Moment): CallInput<N> | null {
  if (OF_NOW.has(name)) return null;
  if (TAKES_MOMENT.has(name)) return { ...input, asOf: moment };
  if (!endsThen.has(name) || !('question' in input)) return input;
  const { question } = input;
  const to = Math.min(question.to ?? Infinity, timeOf(moment));
  return { ...input, question: { ...question, to, asOf: typeof moment === 'number' ? moment : null } };
}
