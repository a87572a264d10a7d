import { exact } from '#domain/decisions/exact.ts';
import { firstAfter } from '#domain/decisions/settlements.ts';
import { settlementKey } from '#domain/time.ts';
import { isNumberText } from '#domain/number-text.ts';
import { type Live, timeOf, timeText } from './fields.ts';

interface Opening {
  /** As they stand in their fields, typed or live. */
  readonly openAt: string;
  readonly intervalH: string;
  readonly isTyped: boolean;
}

/**
 * The first settlement after the opening, on the venue's grid. The venue's word is of now: a poll from before a settlement still names
 * that one, and an opening that is typed may lie elsewhere. What the venue says of an opening now stays as it says it.
 */
export function nextSettlement(at: number, { openAt, intervalH, isTyped }: Opening, venue: string): Pick<Live, 'text' | 'from'> {
  const key = settlementKey(at);
  const from = `next settlement of ${venue}`;
  const open = timeOf(openAt);
  const known = open !== null && isNumberText(open) && isNumberText(intervalH) && exact(intervalH).gt(0);
  if (!known || (!isTyped && key > Number(open))) return { text: timeText(key), from };
  const first = firstAfter(exact(open), exact(key), exact(intervalH)).toNumber();
  return { text: timeText(first), from: first === key ? from : `${from}, by its interval from there` };
}
