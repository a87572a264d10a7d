import type { OrderRules } from '#core/venue.ts';
import { sizePosition } from '#domain/decisions/size.ts';

/** A plain plan under the venue's rules: what the calculator finds wrong, and whether it gives a size. */
export function sizePlain(
  rules: OrderRules,
  price: number,
  contract: 'linear' | 'inverse' = 'linear',
): { problems: readonly string[]; sized: boolean } {
  const { lotStep, minQuantity, minNotional, contractSize, maxLeverage, maintenance, liquidationFee } = rules;
  const result = sizePosition({
    lotStep,
    minQuantity,
    minNotional,
    contractSize,
    maintenance,
    liquidationFee,
    venueMaxLeverage: maxLeverage,
    contract,
    equityIn: 'quote',
    side: 'long',
    margin: 'isolated',
    equity: 100_000,
    risk: 0.01,
    entry: price,
    stop: price * 0.95,
    leverage: 3,
    feeIn: 0.0005,
    feeOut: 0.0005,
  });
  return { problems: result.problems.map((one) => JSON.stringify(one)), sized: result.figures.quantity.value !== null };
}
