import type { VenueProfile } from '#bridge/contract.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import type { FeeTier } from '#domain/decisions/fees.ts';
import { BORROW, BPS, DAILY, HOLD, LEVERAGE, type NumberRule, POSITIVE, readNumber, RISK } from '#domain/decisions/reader.ts';
import { fromPercent } from './percent.ts';

/** The constants of a person that a field can be. */
export type ConstantKey = Exclude<keyof CalculatorSettings, 'feeTiers'> | 'feeTier';

/** How settings keep a number: plain, without a sign. */
const KEPT = /^(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})$/u;
/** What the calculators take for it; those of a share are typed in percent. */
const RULES: Partial<Readonly<Record<ConstantKey, NumberRule>>> = {
  equity: POSITIVE,
  risk: RISK,
  leverage: LEVERAGE,
  leverageCap: LEVERAGE,
  slipBps: BPS,
  holdH: HOLD,
  volatilityTarget: DAILY,
  borrowApr: BORROW,
};

/** Whether a text can be remembered as that constant; a wrong one stays in its field with what is wrong. */
export function canKeep(key: ConstantKey, text: string): boolean {
  const typed = text.trim();
  const rule = RULES[key];
  if (rule === undefined || (typed === '' && key === 'leverageCap')) return true;
  return KEPT.test(typed) && !('wrong' in readNumber(rule.percent === undefined ? typed : fromPercent(typed), rule));
}

const FREE: FeeTier = { name: '', maker: 0, taker: 0 };

/** What a venue charges, as far as it is known. */
export type Fees = VenueProfile['fees'];
export type LegKind = 'perp' | 'spot';

export const tiersOf = (fees: Fees, kind: LegKind): readonly FeeTier[] => fees?.[kind] ?? [];

/** The chosen tier of a venue, else what a new account pays; null where no fees are known. */
export function tierOf(venue: string, fees: Fees, kind: LegKind, constants: CalculatorSettings): FeeTier | null {
  const tiers = tiersOf(fees, kind);
  return tiers.find(({ name }) => name === constants.feeTiers[venue]) ?? tiers[0] ?? null;
}

export const feeOf = (tier: FeeTier | null, fill: string): number => (tier ?? FREE)[fill === 'maker' ? 'maker' : 'taker'];
