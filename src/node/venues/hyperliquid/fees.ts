import { type FeeTier, feeTier, type VenueFees } from '#domain/decisions/fees.ts';

/** Percent of the exchange's own perpetuals, [maker, taker] by tier. */
const OWN = [
  [0.015, 0.045],
  [0.012, 0.04],
  [0.008, 0.035],
  [0.004, 0.03],
  [0, 0.028],
  [0, 0.026],
  [0, 0.024],
] as const;
const tier = ([maker, taker]: readonly [number, number], n: number, times: number, words: string): FeeTier =>
  feeTier(`Tier ${n}${words}`, maker * times, taker * times);
const tiers = (times: number, words = ''): readonly [FeeTier, ...FeeTier[]] => [
  tier(OWN[0], 0, times, words),
  ...OWN.slice(1).map((rates, i) => tier(rates, i + 1, times, words)),
];

export const FEES: VenueFees = {
  perp: tiers(1),
  spot: [
    feeTier('Tier 0', 0.04, 0.07),
    feeTier('Tier 1', 0.03, 0.06),
    feeTier('Tier 2', 0.02, 0.05),
    feeTier('Tier 3', 0.01, 0.04),
    feeTier('Tier 4', 0, 0.035),
    feeTier('Tier 5', 0, 0.03),
    feeTier('Tier 6', 0, 0.025),
  ],
  source: 'https://hyperliquid.gitbook.io/hyperliquid-docs/trading/fees',
  asOf: '2026',
};

/**
 * Of builders' dexes: with their share at its usual scale of 1 all is twice that of the exchange's own perpetuals, and a tenth of it for
 * a contract in growth mode. The rules of a contract say what holds for it.
 */
export const BUILDERS_FEES: VenueFees = { ...FEES, perp: [...tiers(2), ...tiers(0.2, ', growth mode')] };
