import { Exact, ONE, plainText, ZERO, type Amount } from './exact.ts';
import { AMOUNT, LEVERAGE, MAX_TYPED_MAINTENANCE, OF_ONE, type Given, type NumberRule, type Reader } from './reader.ts';

/** A row of a venue's risk table; `floor` is where it starts (position value in the settle currency, or contracts). */
export interface Tier {
  readonly floor: Amount;
  readonly rate: Amount;
  /** The amount taken off, where the venue publishes it; else it is derived. */
  readonly cum?: Given;
  readonly maxLeverage?: Given;
}

export type MaintenanceRule =
  | { readonly kind: 'flat'; readonly rate: Amount }
  | {
      readonly kind: 'tiers';
      readonly tiers: readonly Tier[];
      /** 'whole': the whole position pays its tier's rate (OKX), so nothing is taken off. */
      readonly charge?: 'marginal' | 'whole' | undefined;
      /** What floors count: position value (the default) or contracts (OKX). */
      readonly by?: 'notional' | 'contracts' | undefined;
    }
  /** Hyperliquid: half the initial margin at maximum leverage. */
  | { readonly kind: 'half-initial'; readonly tiers: readonly { readonly floor: Amount; readonly maxLeverage: Amount }[] };

export interface ReadTier {
  readonly floor: Exact;
  /** The liquidation fee included. */
  readonly rate: Exact;
  readonly cum: Exact;
  readonly maxLeverage: Exact | null;
}

export interface Maintenance {
  /** At least one, ascending, the first from 0. */
  readonly tiers: readonly ReadTier[];
  readonly by: 'notional' | 'contracts';
}

const TIER: NumberRule = { min: 0, max: 1, right: 'Enter the maintenance margin rate as a decimal, at most 1: 0.5 % is 0.005.' };
/** One rate for every size: what a person types. */
const FLAT: NumberRule = {
  percent: 'maintenance rate',
  units: OF_ONE,
  min: 0,
  max: MAX_TYPED_MAINTENANCE,
  right: 'Enter the maintenance margin rate as a decimal, at most 0.2: 0.5 % is 0.005.',
};
const LIQUIDATION_FEE: NumberRule = {
  ...FLAT,
  percent: 'liquidation fee',
  right: 'Enter the liquidation fee as a decimal, at most 0.2: 0.5 % is 0.005.',
};
const CUM: NumberRule = { min: 0, right: 'Enter the maintenance amount of the tier, 0 or more.' };

/**
 * `feeGiven`: the liquidation fee that the venue publishes, added to every rate. Both stand side by side at `at` ('' or "long.").
 * Null (and problems) where it cannot be read.
 */
export function readMaintenance(reader: Reader, at: string, rule: MaintenanceRule, feeGiven: Given): Maintenance | null {
  const field = `${at}maintenance`;
  const before = reader.problems.length;
  const fee = reader.or(`${at}liquidationFee`, feeGiven, LIQUIDATION_FEE, ZERO);
  const rows = rowsOf(reader, field, rule);
  if (reader.problems.length > before) return null;
  const rising = rows.every((row, i) => (i === 0 ? row.floor.isZero() : row.floor.gt(rows[i - 1]!.floor)));
  if (rows.length === 0 || !rising) {
    reader.refuse(field, 'The tiers do not start at 0 or are not in rising order.', 'Give every tier once, the first with floor 0.');
    return null;
  }
  const falls = rows.findIndex((row, i) => i > 0 && row.rate.lt(rows[i - 1]!.rate));
  if (falls > 0) {
    const percent = (at: number): string => `${plainText(rows[at]!.rate.times(100).toSignificantDigits(8))} %`;
    reader.refuse(
      `${field}.tiers.${falls}`,
      `Tier ${falls + 1} asks for ${percent(falls)}, less than the ${percent(falls - 1)} of the smaller tier before it.`,
      'Give the tiers by rising floor, with a maintenance rate that does not fall.',
    );
    return null;
  }
  const whole = rule.kind === 'tiers' && rule.charge === 'whole';
  const tiers: ReadTier[] = [];
  for (const [i, row] of rows.entries()) {
    const below = tiers[i - 1];
    const step = below === undefined ? ZERO : row.floor.times(row.rate.minus(rows[i - 1]!.rate)).plus(below.cum);
    tiers.push({ floor: row.floor, rate: row.rate.plus(fee), cum: whole ? ZERO : (row.cum ?? step), maxLeverage: row.maxLeverage });
  }
  return { tiers, by: rule.kind === 'tiers' ? (rule.by ?? 'notional') : 'notional' };
}

interface Row {
  readonly floor: Exact;
  readonly rate: Exact;
  readonly cum: Exact | null;
  readonly maxLeverage: Exact | null;
}

function rowsOf(reader: Reader, field: string, rule: MaintenanceRule): Row[] {
  if (rule.kind === 'flat') {
    return [{ floor: ZERO, rate: reader.number(`${field}.rate`, rule.rate, FLAT), cum: ZERO, maxLeverage: null }];
  }
  if (rule.kind === 'half-initial') {
    return rule.tiers.map((tier, i) => {
      const maxLeverage = reader.number(`${field}.tiers.${i}.maxLeverage`, tier.maxLeverage, LEVERAGE);
      const floor = reader.number(`${field}.tiers.${i}.floor`, tier.floor, AMOUNT);
      return { floor, rate: ONE.div(maxLeverage.times(2)), cum: null, maxLeverage };
    });
  }
  return rule.tiers.map((tier, i) => ({
    floor: reader.number(`${field}.tiers.${i}.floor`, tier.floor, AMOUNT),
    rate: reader.number(`${field}.tiers.${i}.rate`, tier.rate, TIER),
    cum: reader.optional(`${field}.tiers.${i}.cum`, tier.cum, CUM),
    maxLeverage: reader.optional(`${field}.tiers.${i}.maxLeverage`, tier.maxLeverage, LEVERAGE),
  }));
}

/** The tier of a position of `size`; a size at a boundary belongs to the tier below it. */
export function tierAt(tiers: readonly ReadTier[], size: Exact): number {
  let at = 0;
  while (at + 1 < tiers.length && size.gt(tiers[at + 1]!.floor)) at++;
  return at;
}

/** The largest size that the table allows at `leverage`: null no limit, 0 where no tier allows it. */
export function sizeLimit({ tiers }: Maintenance, leverage: Exact): Exact | null {
  const beyond = tiers.find((tier) => tier.maxLeverage !== null && tier.maxLeverage.lt(leverage));
  return beyond === undefined ? null : beyond.floor;
}

/** The highest leverage that the table allows at all; null where it says nothing. */
export const leverageLimit = ({ tiers }: Maintenance): Exact | null => {
  const stated = tiers.flatMap((tier) => (tier.maxLeverage === null ? [] : [tier.maxLeverage]));
  return stated.length === 0 ? null : Exact.max(...stated);
};
