import type { SettledColumns } from '../columns.ts';
import { exact, ONE, plainText, ZERO, type Exact } from './exact.ts';
import { figure, noFigure, withhold, type Figure } from './figure.ts';
import type { HeldTerms } from './held.ts';
import { atOnce, distanceFigure, liquidationFigure, readPosition } from './liquidation.ts';
import { liquidationPrice, notionalAt, profitAt, type Position } from './liquidation-price.ts';
import type { MaintenanceRule } from './maintenance.ts';
import { fundingAccrued, fundingSince, type FundingSince, type HeldLeg, type RunningAccrual } from './open-position.ts';
import { FEE, Reader, type Given } from './reader.ts';
import { directionOf, signOf, type Contract, type Direction } from './side.ts';

/** What the venue says of a held instrument now. */
export interface HeldQuote {
  readonly mark: number;
  /** Running rate per interval and when it is charged next; null: not known. */
  readonly rate: number | null;
  readonly nextFundingAt: number | null;
  /** Hours that the rate is quoted for. */
  readonly intervalH: number | null;
}

export interface HeldPosition extends HeldLeg {
  readonly contract: Contract;
  /** ms. */
  readonly openAt: number;
  /** Every settlement since the opening is stored. */
  readonly complete: boolean;
  /** Its venue accrues all the time. */
  readonly accrues: boolean;
  readonly terms: HeldTerms;
  /** The venue's, where the calculation had none. */
  readonly maintenance: MaintenanceRule | null;
  /** Names of the settle and the price currency. */
  readonly money: string;
  readonly quote: string;
}

export interface PositionNow {
  readonly profit: Figure;
  readonly fundingSince: FundingSince;
  readonly nextPayment: { readonly at: number; readonly amount: Figure; readonly direction: Direction } | null;
  readonly liquidation: Figure;
  /** Share of the mark that is left to the liquidation price. */
  readonly distance: Figure;
}

/** An open position as of now: profit at the mark, funding actually charged, the next payment, how far liquidation is. */
export function positionNow(
  held: HeldPosition,
  settled: Pick<SettledColumns, 'key' | 'rate' | 'mark'>,
  now: number,
  live: HeldQuote | null,
): PositionNow {
  const sign = signOf(held.side);
  const position: Position = {
    contract: held.contract,
    sign,
    entry: exact(held.entry),
    contracts: exact(held.contracts),
    units: exact(held.units),
  };
  const since = held.accrues
    ? fundingAccrued(held, settled, now, held.money, runningOf(live))
    : fundingSince(held, settled, now, held.money);
  const told = held.complete ? since : { ...since, paid: withhold(since.paid, 'Not every settlement since the opening is stored yet.') };
  const { liquidation, distance } = liquidationNow(held, since, live);
  if (live === null) {
    const profit = noFigure(held.money, 'No current price.');
    return { profit, fundingSince: told, nextPayment: null, liquidation, distance };
  }
  const mark = exact(live.mark);
  const names = { s: sign, Q: position.units, mark, entry: position.entry };
  const template = held.contract === 'linear' ? '{s} × {Q} × ({mark} − {entry})' : '{s} × {Q} × (1/{entry} − 1/{mark})';
  return {
    profit: figure(held.money, template, names, profitAt(position, mark)),
    fundingSince: told,
    nextPayment: nextPayment(held, position, now, live),
    liquidation,
    distance,
  };
}

function runningOf(live: HeldQuote | null): RunningAccrual | null {
  if (live === null || live.rate === null || live.intervalH === null) return null;
  return { rate: live.rate, intervalH: live.intervalH, mark: live.mark };
}

function nextPayment(held: HeldPosition, position: Position, now: number, live: HeldQuote): PositionNow['nextPayment'] {
  const { rate, nextFundingAt: at, mark } = live;
  if (rate === null || at === null || at <= now) return null;
  const value = notionalAt(position, exact(mark));
  const amount = position.sign.times(rate).times(value);
  const inputs = { s: position.sign, r: exact(rate), value };
  return { at, amount: figure(held.money, '{s} × {r} × {value}', inputs, amount), direction: directionOf(amount) };
}

function liquidationNow(held: HeldPosition, { paid }: FundingSince, live: HeldQuote | null): Pick<PositionNow, 'liquidation' | 'distance'> {
  const none = (reason: string) => ({ liquidation: noFigure(held.quote, reason), distance: noFigure('', reason) });
  const { terms, maintenance } = held;
  if (maintenance === null) return none('No maintenance rate is known.');
  const isLevered = terms.leverage !== null && terms.leverage !== undefined && terms.leverage !== '';
  if (!isLevered && terms.margin === 'isolated') return none('No leverage was given.');
  const contracts = exact(held.contracts);
  const { entryFee, equityMark, ...margined } = terms;
  const read = readPosition({
    ...margined,
    contract: held.contract,
    side: held.side,
    entry: held.entry,
    contracts: held.contracts,
    contractSize: contracts.eq(held.units) ? plainText(ONE) : plainText(exact(held.units).div(contracts)),
    maintenance,
    fundingPaid: paid.value,
    mark: terms.margin === 'cross' ? equityMark : null,
    money: held.money,
    quote: held.quote,
  });
  if ('problems' in read) return none(read.problems[0]?.wrong ?? '');
  const { position } = read;
  const fee = terms.margin === 'cross' ? feeOf(entryFee).times(notionalAt(position, position.entry)) : ZERO;
  const balance = read.balance.minus(fee);
  // It stands at the mark now, whatever it was worth when it was worked out.
  const mark = live === null ? null : exact(live.mark);
  const found = liquidationPrice(position, balance, read.maintenance, mark);
  if (found.kind === 'at-once') {
    const left = balance.plus(profitAt(position, mark ?? position.entry));
    return none(atOnce(left, found.maintenance, held.money, terms.margin, mark)[0]);
  }
  return {
    liquidation: liquidationFigure(held.quote, position, balance, found),
    distance: mark === null ? noFigure('', 'No current price.') : distanceFigure(found, mark, position.sign),
  };
}

/** A scenario may be edited while its position is open: what is no fee counts as none. */
const feeOf = (given: Given): Exact => new Reader().optional('feeIn', given, FEE) ?? ZERO;
