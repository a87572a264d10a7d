import type { CalculatorFacts } from '#bridge/facts.ts';
import type { Problem } from '#domain/decisions/reader.ts';
import { age } from '../../format/time.ts';
import { NO_SETTLEMENT } from '../../format/words.ts';
import type { FieldSpec, LiveMap, Typed } from './fields.ts';

type What = CalculatorFacts['missing'][number]['what'];

const NEEDS: Readonly<Record<string, What>> = {
  lotStep: 'rules',
  minQuantity: 'rules',
  minNotional: 'rules',
  maxQuantity: 'rules',
  maxNotional: 'rules',
  contractSize: 'rules',
  venueMaxLeverage: 'rules',
  maintenance: 'rules',
  liquidationFee: 'rules',
  topOfBook: 'book',
  slipFrom: 'book',
  from: 'book',
  stop: 'history',
  halfLifeH: 'history',
  measured: 'history',
  entry: 'quote',
  price: 'quote',
  mark: 'quote',
  rate: 'quote',
  intervalH: 'quote',
  nextFundingAt: 'quote',
  openInterest: 'openInterest',
};

const needOf = (key: string): What | undefined => NEEDS[key.slice(key.lastIndexOf('.') + 1)];

/** Why a field could not be filled; null where that is no loss. */
export function missingOf(facts: CalculatorFacts | null, error: string | null, key: string): string | null {
  const what = needOf(key);
  if (what === undefined) return null;
  if (facts === null) return error ?? 'Asking the venue\u2026';
  if (facts.continuous && /(?:^|\.)nextFundingAt$/u.test(key)) return `${NO_SETTLEMENT}.`;
  return facts.missing.find((part) => part.what === what)?.why ?? 'The venue does not say.';
}

/** As everywhere on the screen: a value as old as this is dead (domain 7). */
const DEAD_MS = 300_000;

/** A warning that belongs to no field: quotes that stand in the fields are dead. */
export function deadQuote(fields: readonly FieldSpec[], live: LiveMap, typed: Typed, now: number): Problem[] {
  const dead = fields.flatMap(({ key }) => {
    const { freshMs, at = null } = live[key] ?? {};
    return freshMs !== undefined && at !== null && needOf(key) !== 'book' && typed[key] === undefined && now - at > DEAD_MS
      ? [now - at]
      : [];
  });
  if (dead.length === 0) return [];
  return [
    {
      field: '',
      wrong: `The venue has not renewed its values for ${age(Math.max(...dead))}.`,
      right: 'Type the prices that you see, or wait for it.',
    },
  ];
}
