import { FEES } from '#node/venues/binance/fees.ts';
import { FEES as BYBIT_FEES } from '#node/venues/bybit/fees.ts';
import type { CalculatorFacts } from '#bridge/facts.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { type Basis, liveOf } from '#renderer/features/calculators/basis.ts';
import { flat, type LiveMap } from '#renderer/features/calculators/fields.ts';
import { type CarryBasis, carryLive, type LegBasis } from '#renderer/features/calculators/carry.ts';
import { SIZE_GROUPS } from '#renderer/features/calculators/size.ts';
import { rowOf } from './row.ts';

export const HOUR = 3_600_000;
export const row = rowOf({ mark: 100.003, nextFundingAt: 8 * HOUR });
export const constants: CalculatorSettings = defaultSettings([{ id: 'binance', onByDefault: true }]).calculators;
export const facts: CalculatorFacts = {
  instrument: row.instrument,
  observedAt: 0,
  mark: 100.003,
  index: 100,
  rate: 0.0001,
  intervalH: 8,
  continuous: false,
  nextFundingAt: 8 * HOUR,
  openInterest: 1000,
  openInterestAt: 0,
  d: -0.00025,
  theta: 0.0005,
  rules: {
    lotStep: '0.001',
    tickSize: '0.01',
    minQuantity: '0.001',
    maxQuantity: null,
    minNotional: '5',
    maxNotional: null,
    contractSize: '1',
    maxLeverage: '50',
    liquidationFee: null,
    maintenance: { kind: 'flat', rate: '0.005' },
    notes: [],
    at: 0,
  },
  book: { bids: [['99.99', '400']], asks: [['100.01', '300']], at: 0 },
  swing: { long: { value: 95, known: 24, of: 24 }, short: { value: 105, known: 24, of: 24 } },
  volatility: { value: 0.05, known: 72, of: 72 },
  closesTo: 0,
  reversion: { meanPerHour: 0.00001, halfLifeH: 24 },
  missing: [],
};
export const basis: Basis = { row, facts, constants, venue: 'Binance USD-M', fees: FEES, freshMs: 65_000, bookFreshMs: 12_000, now: 0 };
export const fields = flat(SIZE_GROUPS);
export const live = (typed: Readonly<Record<string, string>> = {}): LiveMap => liveOf(basis, typed);

/** A carry of two venues; the short leg's book is alive. */
export function pair(over: Partial<LegBasis> = {}, typed: Readonly<Record<string, string>> = {}) {
  const leg = {
    kind: 'perp',
    instrument: 'binance:TAOUSDT',
    name: 'TAO',
    venueId: 'binance',
    venue: 'Binance',
    fees: FEES,
    facts,
    freshMs: 65_000,
  } as const;
  const legs: CarryBasis = {
    long: { ...leg, bookFreshMs: 12_000, ...over },
    short: { ...leg, bookFreshMs: 12_000, venueId: 'bybit', fees: BYBIT_FEES },
    spread: null,
    constants,
    now: 0,
    asset: 'TAO',
    quote: 'USDT',
  };
  return { legs, of: carryLive(legs, typed) };
}
