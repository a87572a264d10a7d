import type { SettledColumns } from '../columns.ts';
import { exact, ONE, plainText } from './exact.ts';
import { figure, noFigure, withhold, type Figure } from './figure.ts';
import type { HeldTerms } from './held.ts';
import { estimateLiquidation } from './liquidation.ts';
import { notionalAt, profitAt, type Position } from './liquidation-price.ts';
import type { MaintenanceRule } from './maintenance.ts';
import { fundingSince, type FundingSince, type HeldLeg } from './open-position.ts';
import { directionOf, signOf, type Contract, type Direction } from './side.ts';

/** What the venue says of a held instrument now. */
export interface HeldQuote {
  readonly mark: number;
  /** Running rate per interval and when it is charged next; null: not known. */
  readonly rate: number | null;
  readonly nextFundingAt: number | null;
}

export interface HeldPosition extends HeldLeg {
  readonly contract: Contract;
  /** ms. */
  readonly openAt: number;
  /** Every settlement since the opening is stored. */
  readonly complete: boolean;
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
  const since = fundingSince(held, settled, now, held.money);
  const told = held.complete ? since : { ...since, paid: withhold(since.paid, 'Not every settlement since the opening is stored yet.') };
  const { liquidation, distance } = liquidationNow(held, since, live);
  if (live === null) {
    const profit = noFigure(held.money, 'No price of now is known.');
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
  const { problems, figures } = estimateLiquidation({
    ...terms,
    contract: held.contract,
    side: held.side,
    entry: held.entry,
    contracts: held.contracts,
    contractSize: contracts.eq(held.units) ? plainText(ONE) : plainText(exact(held.units).div(contracts)),
    maintenance,
    fundingPaid: paid.value,
    mark: live?.mark,
    money: held.money,
    quote: held.quote,
  });
  const [problem] = problems;
  if (problem !== undefined) return none(problem.wrong);
  return { liquidation: figures.liquidation, distance: live === null ? noFigure('', 'No price of now is known.') : figures.distance };
}
