import { HOUR_MS, settlementKey } from '#domain/time.ts';

/** How the reason of a refused row of a venue's past begins: what it is of, and its stamp or the opening of its candle (ms). */
const OF_THE_PAST = /^(settlement|candle) (\d{1,16}):/u;

export interface RefusedMoment {
  readonly kind: 'settled' | 'price';
  /** The settlement's key, or the close of the candle's hour. */
  readonly at: number;
  /** The same for every reason of this row. */
  readonly name: string;
}

/** Which row of the past the reason speaks of; null: it is of a poll. */
export function refusedMoment(reason: string): RefusedMoment | null {
  const [name, what, digits] = OF_THE_PAST.exec(reason) ?? [];
  if (name === undefined || digits === undefined) return null;
  const t = Number(digits);
  return what === 'candle' ? { kind: 'price', at: t + HOUR_MS, name } : { kind: 'settled', at: settlementKey(t), name };
}
