import type { CalculatorSettings } from '#bridge/settings.ts';
import { VENUE_FEES, type FeeTier } from '#domain/decisions/fees.ts';

/** The constants of a person that a field can be. */
export type OwnKey = Exclude<keyof CalculatorSettings, 'feeTiers'> | 'feeTier';

const NUMBER = /^(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})$/u;
const NUMBERS = new Set<string>(['equity', 'risk', 'leverage', 'leverageCap', 'slipBps', 'holdH', 'volatilityTarget', 'borrowApr']);

/** Whether a text can be remembered as that constant; a wrong one stays in its field with what is wrong. */
export const canKeep = (key: OwnKey, text: string): boolean =>
  !NUMBERS.has(key) || NUMBER.test(text.trim()) || (text.trim() === '' && key === 'leverageCap');

const FREE: FeeTier = { name: '', maker: 0, taker: 0 };

export const tiersOf = (venue: string, market: 'perp' | 'spot'): readonly FeeTier[] => VENUE_FEES[venue]?.[market] ?? [];

/** The chosen tier of a venue, else what a new account pays; null where no fees are known. */
export function tierOf(venue: string, market: 'perp' | 'spot', own: CalculatorSettings): FeeTier | null {
  const tiers = tiersOf(venue, market);
  return tiers.find(({ name }) => name === own.feeTiers[venue]) ?? tiers[0] ?? null;
}

export const feeOf = (tier: FeeTier | null, fill: string): number => (tier ?? FREE)[fill === 'maker' ? 'maker' : 'taker'];
