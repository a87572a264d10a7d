import { exact, groupedText, ONE, plainText, ZERO, type Exact } from './exact.ts';
import { figure, noFigure, SHOWN_FIRST, type Figure } from './figure.ts';
import { isGiven } from './ignored.ts';
import { bankruptcyFigure, beyondMark, distanceFigure, liquidationFigure } from './liquidation.ts';
import { liquidationPrice, notionalAt, profitAt, type Position } from './liquidation-price.ts';
import { readMaintenance, type Maintenance, type MaintenanceRule } from './maintenance.ts';
import { exitFor } from './net.ts';
import { AMOUNT, FEE, LEVERAGE, POSITIVE, PRICE, Reader, type Given, type Problem } from './reader.ts';
import { signOf, type Contract, type MarginMode, type Side } from './side.ts';

export type Change = 'add' | 'reduce' | 'flip';

export interface ChangeInput {
  readonly contract: Contract;
  /** What is held. */
  readonly side: Side;
  readonly margin: MarginMode;
  readonly entry: Given;
  readonly contracts: Given;
  readonly contractSize?: Given;
  /** Flip: close all of it and open the other side. */
  readonly change: Change;
  /** The fill, and its contracts; of a flip those of the new position, empty: as many as are held. */
  readonly price: Given;
  readonly by?: Given;
  /** Of the fill, decimal, and its slippage. */
  readonly fee: Given;
  readonly slipBps?: Given;
  /** Isolated: margin is notional/leverage, released and put in with the size. */
  readonly leverage?: Given;
  /** Cross: what the account is worth at the mark, open profit inside; without a mark at the entry. */
  readonly equity?: Given;
  readonly equityIn?: 'settle' | 'quote' | undefined;
  readonly otherMaintenance?: Given;
  readonly mark?: Given;
  readonly maintenance?: MaintenanceRule | null | undefined;
  readonly liquidationFee?: Given;
  readonly base?: string | undefined;
  readonly quote?: string | undefined;
}

export const HELD_FIGURES = ['contracts', 'entry', 'notional', 'margin', 'breakEven', 'liquidation', 'distance', 'bankruptcy'] as const;
export type HeldFigure = (typeof HELD_FIGURES)[number];
/** A position as it stands; null where nothing is held. */
export interface Standing {
  readonly side: Side;
  readonly figures: Readonly<Record<HeldFigure, Figure>>;
}

export const CHANGE_FIGURES = ['closed', 'opened', 'realised', 'fees', 'slippage', 'net'] as const;
export type ChangeFigure = (typeof CHANGE_FIGURES)[number];

export interface ChangeResult {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** In one line; '' while something is wrong. */
  readonly verdict: string;
  readonly figures: Readonly<Record<ChangeFigure, Figure>>;
  readonly before: Standing | null;
  readonly after: Standing | null;
}

/**
 * An open position after a fill that adds to it, takes from it, or turns it round. An addition averages the entry (linear: weighted by
 * quantity; inverse: the harmonic mean), a part that is closed realises its profit against the entry, which stays.
 */
export function changePosition(input: ChangeInput): ChangeResult {
  const reader = new Reader();
  const read = readChange(reader, input);
  if (!reader.ok()) return nothing(reader.problems);
  const { held, price, by, maintenance, fee, slip, mark } = read;
  const closed = input.change === 'add' ? ZERO : input.change === 'flip' ? held.contracts : by;
  const opened = input.change === 'reduce' ? ZERO : by;
  const sized = (contracts: Exact): Position => ({ ...held, contracts, units: contracts.times(read.contractSize) });
  const after = afterOf(read, input.change, closed, opened);
  const part = sized(closed);
  const realised = closed.isZero() ? ZERO : profitAt(part, price);
  const value = notionalAt(sized(closed.plus(opened)), price);
  const [fees, slippage] = [fee.times(value), slip.times(value)];
  const net = realised.minus(fees).minus(slippage);
  const money = (input.contract === 'linear' ? input.quote : input.base) ?? '';
  const quote = input.quote ?? '';
  const { sign: s, entry } = held;
  // What the account has without open profit: a fill turns profit into it, and pays from it.
  const cash = read.equity === null ? null : read.equity.minus(profitAt(held, mark ?? entry)).minus(read.other);
  const balanceOf = (position: Position, own: Exact | null): Exact | null =>
    input.margin === 'cross' ? own : read.leverage === null ? null : notionalAt(position, position.entry).div(read.leverage);
  const standing = (position: Position, own: Exact | null): Standing => ({
    side: position.sign.gt(0) ? 'long' : 'short',
    figures: standingOf(position, balanceOf(position, own), read, maintenance, money, quote),
  });
  const before = standing(held, cash);
  const then = after === null ? null : standing(after, cash?.plus(net) ?? null);
  const warnings = new Reader();
  const found = after === null || maintenance === null ? null : balanceOf(after, cash?.plus(net) ?? null);
  if (after !== null && maintenance !== null && found !== null) {
    const lp = liquidationPrice(after, found, maintenance, input.margin === 'cross' ? mark : null);
    const at = mark ?? price;
    if (lp.kind === 'at-once')
      reader.refuse('by', 'The position after it would be liquidated at once.', 'Change it by less, or lower the leverage.');
    else if (lp.kind === 'price' && !after.sign.times(at.minus(lp.price)).gt(0))
      warnings.refuse('by', ...beyondMark(at, lp.price, 'the position after it would be liquidated'));
  }
  const inputs = { s, Q: part.units, price, entry };
  return {
    problems: reader.problems,
    warnings: warnings.problems,
    verdict: reader.ok() ? words(input, before, then, net, money) : '',
    figures: {
      closed: figure('contracts', '{closed}', { closed }, closed),
      opened: figure('contracts', '{opened}', { opened }, opened),
      realised: closed.isZero()
        ? noFigure(money, 'Nothing is closed.')
        : figure(
            money,
            input.contract === 'linear' ? '{s} × {Q} × ({price} − {entry})' : '{s} × {Q} × (1/{entry} − 1/{price})',
            inputs,
            realised,
          ),
      fees: figure(money, '{fee} × {value}', { fee, value }, fees),
      slippage: figure(money, '{slip} × {value}', { slip, value }, slippage),
      net: figure(money, '{realised} − {fees} − {slippage}', { realised, fees, slippage }, net),
    },
    before,
    after: then,
  };
}

interface ReadChange {
  readonly held: Position;
  readonly contractSize: Exact;
  readonly price: Exact;
  readonly by: Exact;
  readonly fee: Exact;
  readonly slip: Exact;
  readonly leverage: Exact | null;
  /** Cross, in the settle currency. */
  readonly equity: Exact | null;
  readonly other: Exact;
  readonly mark: Exact | null;
  readonly maintenance: Maintenance | null;
}

function readChange(reader: Reader, input: ChangeInput): ReadChange {
  const cross = input.margin === 'cross';
  const entry = reader.number('entry', input.entry, PRICE);
  const contracts = reader.number('contracts', input.contracts, POSITIVE);
  const contractSize = reader.or('contractSize', input.contractSize, POSITIVE, ONE);
  const mark = reader.optional('mark', input.mark, PRICE);
  const asMany = input.change === 'flip' && !isGiven(input.by);
  const by = asMany ? contracts : reader.number('by', input.by, POSITIVE);
  if (input.change === 'reduce' && by.gt(contracts)) {
    const held = plainText(contracts);
    reader.refuse(
      'by',
      `${plainText(by)} contracts are more than the ${held} that are held.`,
      `Enter at most ${held}, or flip the position.`,
    );
  }
  const equity = cross ? reader.optional('equity', input.equity, POSITIVE) : null;
  const inQuote = input.contract === 'inverse' && input.equityIn === 'quote';
  return {
    held: { contract: input.contract, sign: signOf(input.side), entry, contracts, units: contracts.times(contractSize) },
    contractSize,
    price: reader.number('price', input.price, PRICE),
    by,
    fee: reader.number('fee', input.fee, FEE),
    slip: reader.slippage('slipBps', input.slipBps),
    leverage: reader.optional('leverage', input.leverage, LEVERAGE),
    equity: equity === null || !inQuote ? equity : equity.div(mark ?? entry),
    other: cross ? reader.or('otherMaintenance', input.otherMaintenance, AMOUNT, ZERO) : ZERO,
    mark,
    maintenance:
      input.maintenance === null || input.maintenance === undefined
        ? null
        : readMaintenance(reader, '', input.maintenance, input.liquidationFee),
  };
}

/** Null: nothing is left. */
function afterOf({ held, price, contractSize }: ReadChange, change: Change, closed: Exact, opened: Exact): Position | null {
  const of = (sign: Exact, contracts: Exact, entry: Exact): Position => ({
    ...held,
    sign,
    entry,
    contracts,
    units: contracts.times(contractSize),
  });
  if (change === 'flip') return of(held.sign.neg(), opened, price);
  const contracts = held.contracts.minus(closed).plus(opened);
  if (contracts.isZero()) return null;
  if (change === 'reduce') return of(held.sign, contracts, held.entry);
  const entry =
    held.contract === 'linear'
      ? held.contracts.times(held.entry).plus(opened.times(price)).div(contracts)
      : contracts.div(held.contracts.div(held.entry).plus(opened.div(price)));
  return of(held.sign, contracts, entry);
}

function standingOf(
  position: Position,
  balance: Exact | null,
  { fee, slip, leverage, mark }: ReadChange,
  maintenance: Maintenance | null,
  money: string,
  quote: string,
): Record<HeldFigure, Figure> {
  const { contract, entry, contracts, units: Q, sign } = position;
  const notional = notionalAt(position, entry);
  const found = balance === null || maintenance === null ? null : liquidationPrice(position, balance, maintenance, mark);
  const noMargin = balance === null ? 'No leverage (cross: no equity) is given.' : 'No maintenance rate is known.';
  const even = exitFor(position, { onEntry: fee, onExit: fee.plus(slip), funding: ZERO }, ZERO);
  return {
    contracts: figure('contracts', '{contracts}', { contracts }, contracts),
    entry: figure(quote, '{entry}', { entry }, entry),
    notional: figure(money, contract === 'linear' ? '{Q} × {entry}' : '{Q}/{entry}', { Q, entry }, notional),
    margin:
      leverage === null
        ? noFigure(money, 'No leverage is given.')
        : figure(money, '{notional}/{L}', { notional, L: leverage }, notional.div(leverage)),
    breakEven:
      even === null
        ? noFigure(quote, 'Costs leave no price that breaks even.')
        : figure(quote, 'where the move pays a fee in and a fee and slippage out', { entry, fee, slip }, even),
    liquidation: balance === null || found === null ? noFigure(quote, noMargin) : liquidationFigure(quote, position, balance, found),
    distance: found === null ? noFigure('', noMargin) : distanceFigure(found, mark ?? entry, sign),
    bankruptcy: balance === null ? noFigure(quote, noMargin) : bankruptcyFigure(quote, position, balance),
  };
}

function words({ change }: ChangeInput, before: Standing, after: Standing | null, net: Exact, money: string): string {
  const of = ({ value }: Figure): string => groupedText(exact(value ?? 0).toSignificantDigits(8));
  const cash = `${net.lt(0) ? 'costs' : 'brings'} ${groupedText(net.abs().toSignificantDigits(6))} ${money}`.trim();
  if (after === null) return `Closes the position and ${cash} net.`;
  const { contracts, entry, liquidation } = after.figures;
  const what = { add: 'Adding', reduce: 'Taking off', flip: 'Turning round' }[change];
  const from = change === 'flip' || before.figures.liquidation.value === null ? null : of(before.figures.liquidation);
  const goes = from === null ? 'is' : from === of(liquidation) ? 'stays at' : `goes from ${from} to`;
  const moved = liquidation.value === null ? '' : `; liquidation ${goes} ${of(liquidation)} (estimate)`;
  return `${what} ${cash} net and leaves a ${after.side} of ${of(contracts)} contracts at ${of(entry)}${moved}.`;
}

const nothing = (problems: readonly Problem[]): ChangeResult => ({
  problems,
  warnings: [],
  verdict: '',
  figures: Object.fromEntries(CHANGE_FIGURES.map((name) => [name, noFigure('', SHOWN_FIRST)])) as Record<ChangeFigure, Figure>,
  before: null,
  after: null,
});
