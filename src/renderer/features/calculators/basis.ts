import type { CalculatorFacts, RulesFact } from '#bridge/facts.ts';
import type { WatchRow } from '#bridge/contract.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import { coinOf, moneyOf } from '#domain/instrument.ts';
import { exact, type Exact } from '#domain/decisions/exact.ts';
import { isNumberText } from '#domain/number-text.ts';
import type { MaintenanceRule } from '#domain/decisions/maintenance.ts';
import { volatilityStop } from '#domain/decisions/stops.ts';
import type { Side } from '#domain/decisions/side.ts';
import { tiersText, timeText, textsOf, type Live, type LiveMap, type Typed } from './fields.ts';
import { nextSettlement } from './next-settlement.ts';
import { toPercent } from './percent.ts';
import { feeOf, type Fees, tierOf } from './constants.ts';

/** What a calculator of one instrument fills itself with. */
export interface Basis {
  readonly row: WatchRow;
  /** Null until the first answer. */
  readonly facts: CalculatorFacts | null;
  readonly constants: CalculatorSettings;
  readonly venue: string;
  readonly fees: Fees;
  /** How long a quote is current (domain 7): two polls and a little. */
  readonly freshMs: number;
  /** How long a walked book is. */
  readonly bookFreshMs: number;
  /** At the venue, in whole minutes: when a position opens that is opened now. */
  readonly now: number;
}

export interface Names {
  readonly base: string;
  readonly quote: string;
}

/** 1000PEPE is sold by the thousand: its unit is that of its price. */
export const namesOf = ({ instrument }: Pick<WatchRow, 'instrument'>): Names => ({
  base: coinOf(instrument),
  quote: moneyOf(instrument),
});

const given = (text: string | number | null | undefined, from: string, at: number | null): Live | undefined =>
  text === null || text === undefined || text === '' ? undefined : { text: String(text), from, at };
const mine = (text: string): Live => ({ text, from: 'saved', at: null, isConstant: true });

/** A number as a feed gives it, without an exponent. */
const plain = (value: number | null): string | null => (value === null ? null : exact(value).toFixed());

/** On the venue's tick, never nearer to the entry; six digits where the tick is not known. */
export function onTick(price: number, tick: string | null | undefined, side: Side): string {
  const value: Exact = exact(price);
  if (tick === null || tick === undefined || !exact(tick).gt(0)) return value.toSignificantDigits(6).toFixed();
  const ticks = value.div(tick);
  return (side === 'long' ? ticks.floor() : ticks.ceil()).times(tick).toFixed();
}

/** An order stands on a tick; the mark itself where the tick is not known. */
function nearestTick(price: number | null, tick: string | null | undefined): string | null {
  if (price === null || tick === null || tick === undefined || !exact(tick).gt(0)) return plain(price);
  const near = exact(price).div(tick).round().times(tick);
  return near.gt(0) ? near.toFixed() : plain(price);
}

export const isSide = (text: string): text is Side => text === 'long' || text === 'short';

/** The watchlist's quote; a running rate that was not renewed is none of now (prices stand with their age). */
function quoteOfRow({ mark, index, rate, intervalH, nextFundingAt, observedAt, why }: WatchRow) {
  const isOver = why === 'stale';
  return { mark, index, rate: isOver ? null : rate, intervalH, nextFundingAt: isOver ? null : nextFundingAt, observedAt };
}

/** The newer of the watchlist's quote and the answer's. */
export function quoteOf({ row, facts }: Pick<Basis, 'row' | 'facts'>): ReturnType<typeof quoteOfRow> {
  return facts !== null && (facts.observedAt ?? 0) > (row.observedAt ?? 0) ? facts : quoteOfRow(row);
}

/** The person's leverage, or the most that the venue allows where that is less. */
export function leverageOf(wanted: string, rules: Pick<RulesFact, 'maxLeverage' | 'at'> | null, venue: string): Live {
  const most = rules?.maxLeverage ?? null;
  if (rules === null || most === null || !(Number(wanted) > Number(most)))
    return { text: wanted, from: 'saved', at: null, isConstant: true };
  return { text: most, from: `the most that ${venue} allows; the saved one is ${wanted}`, at: rules.at };
}

/** Facts with the watchlist's quote where that is newer. */
export function freshest(facts: CalculatorFacts | null, row: WatchRow | undefined): CalculatorFacts | null {
  if (facts === null || row === undefined || (row.observedAt ?? 0) <= (facts.observedAt ?? 0)) return facts;
  return { ...facts, ...quoteOfRow(row) };
}

/** The person's equity is in quote money: in the coin of an inverse contract it is what it is worth at the mark, 8 digits of it. */
export const equityInCoin = (equity: string, mark: number): Live => ({
  text: exact(equity).div(mark).toSignificantDigits(8).toFixed(),
  from: 'saved equity, at the mark',
  at: null,
});

function ownEquity({ row, constants }: Basis, typed: Typed, mark: number | null): Live {
  if (row.instrument.contract === 'linear' || typed['equityIn'] !== 'settle' || mark === null || !isNumberText(constants.equity))
    return mine(constants.equity);
  return equityInCoin(constants.equity, mark);
}

/** Everything that the calculators of one instrument share, before anything is typed. */
export function liveOf(basis: Basis, typed: Typed): LiveMap {
  const { row, facts, constants, fees, venue, now, freshMs, bookFreshMs } = basis;
  const quote = quoteOf(basis);
  const at = quote.observedAt;
  const quoted = (text: string | number | null | undefined, from: string): Live | undefined => {
    const live = given(text, from, at);
    return live && { ...live, freshMs };
  };
  const rules = facts?.rules ?? null;
  const book = facts?.book ?? null;
  const byRule = (text: string | null | undefined): Live | undefined => given(text, `rules of ${venue}`, rules?.at ?? null);
  const tier = tierOf(row.instrument.venue, fees, 'perp', constants);
  const fee = (fill: string): Live | undefined =>
    tier === null ? undefined : given(toPercent(feeOf(tier, fill)), `${venue} ${tier.name}, ${fill}`, null);
  const d = facts?.d ?? row.d;
  const opening = {
    openAt: typed['openAt'] ?? timeText(now),
    intervalH: typed['funding.intervalH'] ?? String(quote.intervalH ?? ''),
    isTyped: typed['openAt'] !== undefined,
  };
  const next = quote.nextFundingAt === null ? undefined : nextSettlement(quote.nextFundingAt, opening, venue);
  const live: Record<string, Live | undefined> = {
    side: { text: 'long', from: '', at: null },
    entry: quoted(nearestTick(quote.mark, rules?.tickSize), `mark of ${venue}, on the tick`),
    mark: quoted(plain(quote.mark), `mark of ${venue}`),
    equity: ownEquity(basis, typed, quote.mark),
    equityIn: { text: 'quote', from: '', at: null },
    risk: mine(constants.risk),
    sizeBy: { text: 'risk', from: '', at: null },
    leverage: leverageOf(constants.leverage, rules, venue),
    leverageCap: mine(constants.leverageCap),
    margin: mine(constants.margin),
    slipBps: mine(constants.slipBps),
    slipFrom: { text: 'bps', from: `order book of ${venue}`, at: book?.at ?? null, freshMs: bookFreshMs },
    fillIn: mine(constants.fillIn),
    fillOut: mine(constants.fillOut),
    feeTier: mine(tier?.name ?? ''),
    feeIn: fee(typed['fillIn'] ?? constants.fillIn),
    feeOut: fee(typed['fillOut'] ?? constants.fillOut),
    holdH: mine(constants.holdH),
    'scale.volatility.target': mine(constants.volatilityTarget),
    'funding.rate': quoted(quote.rate === null ? null : toPercent(quote.rate), `running rate of ${venue}`),
    'funding.intervalH': quoted(quote.intervalH, `interval of ${venue}`),
    'funding.nextFundingAt': next && quoted(next.text, next.from),
    openAt: given(timeText(now), 'now', null),
    lotStep: byRule(rules?.lotStep),
    contractSize: byRule(rules?.contractSize ?? plain(row.instrument.contractSize)),
    minQuantity: byRule(rules?.minQuantity),
    minNotional: byRule(rules?.minNotional),
    maxQuantity: byRule(rules?.maxQuantity),
    maxNotional: byRule(rules?.maxNotional),
    venueMaxLeverage: byRule(rules?.maxLeverage),
    maintenance: byRule(maintenanceText(rules?.maintenance ?? null)),
    liquidationFee: byRule(rules?.liquidationFee === null || rules?.liquidationFee === undefined ? null : toPercent(rules.liquidationFee)),
    openInterest: given(plain(facts?.openInterest ?? null), `open interest of ${venue}`, facts?.openInterestAt ?? null),
    'scale.volatility.measured': given(
      percentOf(facts?.volatility.value ?? null),
      `hourly closes of ${facts?.volatility.known ?? 0} h`,
      facts?.closesTo ?? null,
    ),
    'scale.signal.d': given(d === null ? null : percentOf(Math.abs(d)), `|D| of ${venue}`, at),
    'scale.signal.theta': given(percentOf(facts?.theta ?? row.params.theta), 'threshold in force', null),
    'reversion.meanPerHour': given(percentOf(facts?.reversion?.meanPerHour ?? null), 'stored hours of 90 d', facts?.closesTo ?? null),
    'reversion.halfLifeH': given(
      facts?.reversion ? exact(facts.reversion.halfLifeH).toSignificantDigits(4).toFixed() : null,
      'stored hours of 90 d',
      facts?.closesTo ?? null,
    ),
  };
  const text = textsOf(typed, live);
  const side = text('side');
  const best = given((side === 'short' ? book?.bids : book?.asks)?.[0]?.[1], `order book of ${venue}`, book?.at ?? null);
  live['topOfBook'] = best && { ...best, freshMs: bookFreshMs };
  const entry = Number(text('entry'));
  const volatility = facts?.volatility.value ?? null;
  if (isSide(side) && entry > 0 && volatility !== null) {
    live['stop'] = given(onTick(volatilityStop(entry, side, volatility, 1), rules?.tickSize, side), '1 \u00d7 volatility', null);
  }
  return live;
}

/** Six digits of a decimal, in percent. */
const percentOf = (decimal: number | null): string | null =>
  decimal === null ? null : toPercent(exact(decimal).toSignificantDigits(6).toFixed());

export function maintenanceText(rule: MaintenanceRule | null): string | null {
  if (rule === null) return null;
  return rule.kind === 'flat' ? toPercent(rule.rate) : tiersText(rule.tiers.length);
}

/** The venue's rule unless a flat rate is typed. */
export function maintenanceFrom(typed: Typed, rule: MaintenanceRule | null, fromPercent: (text: string) => string): MaintenanceRule | null {
  const text = typed['maintenance'];
  if (text === undefined) return rule;
  return text.trim() === '' ? null : { kind: 'flat', rate: fromPercent(text) };
}
