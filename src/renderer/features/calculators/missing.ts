import type { CalculatorFacts } from '#bridge/facts.ts';

type What = CalculatorFacts['missing'][number]['what'];

const NEEDS: Readonly<Record<string, What>> = {
  lotStep: 'rules',
  minQuantity: 'rules',
  minNotional: 'rules',
  contractSize: 'rules',
  venueMaxLeverage: 'rules',
  maintenance: 'rules',
  liquidationFee: 'rules',
  topOfBook: 'book',
  slipFrom: 'book',
  stop: 'history',
  halfLifeH: 'history',
  measured: 'history',
  entry: 'quote',
  price: 'quote',
  mark: 'quote',
  rate: 'quote',
  intervalH: 'quote',
  nextFundingAt: 'quote',
  openInterest: 'quote',
};

/** Why a field could not be filled; null where that is no loss. */
export function missingOf(facts: CalculatorFacts | null, error: string | null, key: string): string | null {
  const what = NEEDS[key.slice(key.lastIndexOf('.') + 1)];
  if (what === undefined) return null;
  if (facts === null) return error ?? 'Asking the venue\u2026';
  return facts.missing.find((part) => part.what === what)?.why ?? 'The venue does not say.';
}
