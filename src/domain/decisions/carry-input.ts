import { heldIn, meanFill, readBook, type Book, type ReadBook } from './book.ts';
import { readHistory } from './carry-history.ts';
import { Exact, ONE, ZERO, type Amount } from './exact.ts';
import { readReversion, type ReadReversion, type Reversion } from './expected.ts';
import { ignoredMean, isGiven, tellIgnored } from './ignored.ts';
import { aboveCap } from './liquidation.ts';
import { readMaintenance, type Maintenance, type MaintenanceRule } from './maintenance.ts';
import { AMOUNT, BORROW, FEE, HOLD, LEVERAGE, POSITIVE, PRICE, SHARE, STEP, type Given, type NumberRule, type Reader } from './reader.ts';
import type { Contract } from './side.ts';
import { noFunding, readFunding, type FundingTerms, type Hold, type ReadFunding } from './settlements.ts';

/** One side of a carry: spot, or a perpetual. */
export interface CarryLeg extends FundingTerms {
  readonly kind: 'spot' | 'perp';
  /** Perp only; empty: linear. An inverse one is counted in contracts of quote money and settles in the coin. */
  readonly contract?: Contract | null | undefined;
  /** For words: "Binance USD-M". */
  readonly name?: string | undefined;
  /** Venue price; bid and ask where known, or a book, which is walked. */
  readonly price?: Given;
  readonly bid?: Given;
  readonly ask?: Given;
  /** Quantities in the venue's base unit (inverse: quote money). */
  readonly book?: Book | null | undefined;
  /** Per fill; not read where a book is given. */
  readonly slipBps?: Given;
  /** One way each, decimal. */
  readonly feeIn: Given;
  readonly feeOut: Given;
  /** In contracts of `contractSize` base units (empty: 1), or quote money (inverse: needed). */
  readonly lotStep: Given;
  readonly contractSize?: Given;
  readonly minQuantity?: Given;
  readonly minNotional?: Given;
  /** The most of one order, in contracts, and the largest position, in quote money. */
  readonly maxQuantity?: Given;
  readonly maxNotional?: Given;
  /** Coins per base unit: 1000 for 1000PEPE; empty: 1. */
  readonly multiplier?: Given;
  /** Perp only. */
  readonly leverage?: Given;
  readonly venueMaxLeverage?: Given;
  readonly maintenance?: MaintenanceRule | null | undefined;
  readonly liquidationFee?: Given;
}

export interface CarryInput extends Hold {
  readonly long: CarryLeg;
  readonly short: CarryLeg;
  /** Coins per leg, or quote money per leg: one of the two. */
  readonly quantity?: Given;
  readonly notional?: Given;
  /** A year's cost of what is borrowed (the shorted coin, or cash), decimal; a cost only. */
  readonly borrowApr?: Given;
  /** Share of the notional that is borrowed; empty: 1. */
  readonly borrowShare?: Given;
  /** Of the hourly spread (short minus long). */
  readonly reversion?: Reversion | null | undefined;
  /** Hourly spread of the past (short minus long, per hour), oldest first; null (in a column NaN) is a gap. */
  readonly history?: readonly (Amount | null)[] | Float64Array | null | undefined;
  readonly base?: string | undefined;
  readonly quote?: string | undefined;
}

export interface ReadLeg {
  readonly field: 'long' | 'short';
  readonly contract: Contract;
  readonly name: string;
  readonly kind: 'spot' | 'perp';
  /** Per coin. */
  readonly bid: Exact;
  readonly ask: Exact;
  readonly mid: Exact;
  readonly book: ReadBook | null;
  /** Per fill, without a book. */
  readonly slip: Exact;
  readonly feeIn: Exact;
  readonly feeOut: Exact;
  /** In contracts. */
  readonly lot: Exact;
  /** All in coins, of an inverse leg at its mid. */
  readonly step: Exact;
  readonly least: Exact;
  readonly minNotional: Exact;
  /** The largest order in coins, and the largest position; null: not known. */
  readonly most: Exact | null;
  readonly maxNotional: Exact | null;
  readonly multiplier: Exact;
  readonly contractSize: Exact;
  readonly funding: ReadFunding;
  /** 1 for spot: full notional. */
  readonly leverage: Exact;
  readonly maintenance: Maintenance | null;
}

export interface ReadCarry {
  readonly long: ReadLeg;
  readonly short: ReadLeg;
  /** Coins asked for, before rounding, and the input that says so. */
  readonly wanted: Exact;
  /** The same in quote money: as typed where it was, since coins are a quotient of that. */
  readonly wantedMoney: Exact;
  readonly sizedBy: 'quantity' | 'notional';
  /** Mean of the legs' mids, per coin. */
  readonly mid: Exact;
  readonly holdH: Exact;
  readonly borrowPerHour: Exact;
  readonly reversion: ReadReversion | null;
  /** NaN a gap. */
  readonly history: Float64Array;
}

const LONGER: NumberRule = { ...HOLD, above: 0, right: 'Enter the hours to hold, above 0 and at most 87600.' };

export function readCarry(reader: Reader, input: CarryInput): ReadCarry {
  const holdH = reader.number('holdH', input.holdH, LONGER);
  const long = readLeg(reader, 'long', input, holdH);
  const short = readLeg(reader, 'short', input, holdH);
  if (input.long.kind === 'spot' && input.short.kind === 'spot') {
    reader.refuse('short.kind', 'Both legs are spot: no funding is paid.', 'Choose a perpetual for at least one leg.');
  }
  const mid = long.mid.plus(short.mid).div(2);
  const quantity = reader.optional('quantity', input.quantity, POSITIVE);
  const wantedMoney = quantity?.times(mid) ?? reader.number('notional', input.notional, POSITIVE);
  const wanted = quantity ?? wantedMoney.div(mid);
  const apart = long.mid.div(short.mid).ln().abs();
  if (apart.gt('0.2')) {
    reader.refuse(
      'short.price',
      'The two prices differ by more than 20 %: these are not one coin.',
      'Choose legs of one coin, or enter the multiplier of each.',
    );
  }
  return {
    long,
    short,
    wanted,
    wantedMoney,
    sizedBy: quantity === null ? 'notional' : 'quantity',
    mid,
    holdH,
    borrowPerHour: reader
      .or('borrowApr', input.borrowApr, BORROW, ZERO)
      .times(reader.or('borrowShare', input.borrowShare, SHARE, ONE))
      .div(8760),
    reversion: readReversion(reader, 'reversion', input.reversion),
    history: readHistory(reader, 'history', input.history),
  };
}

/** What is given and not read. */
export function ignoredInCarry(warnings: Reader, input: CarryInput): void {
  if (isGiven(input.quantity)) tellIgnored(warnings, 'notional', input.notional, 'the quantity sets the size');
  if (!isGiven(input.borrowApr)) tellIgnored(warnings, 'borrowShare', input.borrowShare, 'no cost of borrowing is given');
  ignoredMean(warnings, 'reversion', input.reversion);
  for (const field of ['long', 'short'] as const) {
    const leg = input[field];
    const tell = (names: readonly (keyof CarryLeg)[], why: string): void => {
      for (const name of names) tellIgnored(warnings, `${field}.${name}`, leg[name], why);
    };
    if (leg.kind === 'spot') {
      tell(['rate', 'intervalH', 'continuous', 'nextFundingAt'], 'a spot leg pays no funding');
      tell(['leverage', 'venueMaxLeverage', 'maintenance', 'liquidationFee'], 'a spot leg is paid in full');
    } else if (leg.continuous === true) tell(['nextFundingAt'], 'the venue accrues without settlements');
    if (!isGiven(leg.maintenance)) tell(leg.kind === 'spot' ? [] : ['liquidationFee'], 'no maintenance rate is given');
    if (isGiven(leg.book)) tell(['price', 'bid', 'ask', 'slipBps'], 'the order book is walked');
    else if (isGiven(leg.bid) && isGiven(leg.ask)) tell(['price'], 'bid and ask are given');
    else if (isGiven(leg.price)) tell(['bid', 'ask'], 'a bid counts only beside an ask; the price is taken for both');
  }
}

function readLeg(reader: Reader, field: 'long' | 'short', input: CarryInput, holdH: Exact): ReadLeg {
  const leg = input[field];
  const at = (name: string): string => `${field}.${name}`;
  const perp = leg.kind === 'perp';
  const multiplier = reader.or(at('multiplier'), leg.multiplier, POSITIVE, ONE);
  const contract = (perp ? leg.contract : null) ?? 'linear';
  const contractSize =
    contract === 'linear'
      ? reader.or(at('contractSize'), leg.contractSize, POSITIVE, ONE)
      : reader.number(at('contractSize'), leg.contractSize, POSITIVE);
  const book = leg.book === null || leg.book === undefined ? null : readBook(reader, at('book'), leg.book);
  const { bid, ask } = quotesOf(reader, field, leg, book);
  const leverage = perp ? reader.number(at('leverage'), leg.leverage, LEVERAGE) : ONE;
  const most = reader.optional(at('venueMaxLeverage'), leg.venueMaxLeverage, LEVERAGE);
  if (most !== null && leverage.gt(most)) reader.refuse(at('leverage'), ...aboveCap(leverage, most, 'the venue allows'));
  const mid = bid.plus(ask).div(2).div(multiplier);
  // Coins of one contract; those of an inverse one by the price.
  const coins = contract === 'linear' ? contractSize.times(multiplier) : contractSize.div(mid);
  const lot = reader.number(at('lotStep'), leg.lotStep, STEP);
  return {
    field,
    contract,
    name: leg.name ?? (perp ? `${field} perpetual` : `${field} spot`),
    kind: leg.kind,
    bid: bid.div(multiplier),
    ask: ask.div(multiplier),
    mid,
    book,
    slip: book === null ? reader.slippage(at('slipBps'), leg.slipBps) : ZERO,
    feeIn: reader.number(at('feeIn'), leg.feeIn, FEE),
    feeOut: reader.number(at('feeOut'), leg.feeOut, FEE),
    lot,
    step: lot.times(coins),
    least: reader.or(at('minQuantity'), leg.minQuantity, AMOUNT, ZERO).times(coins),
    minNotional: reader.or(at('minNotional'), leg.minNotional, AMOUNT, ZERO),
    most: reader.optional(at('maxQuantity'), leg.maxQuantity, POSITIVE)?.times(coins) ?? null,
    maxNotional: reader.optional(at('maxNotional'), leg.maxNotional, POSITIVE),
    multiplier,
    contractSize,
    funding: perp ? readFunding(reader, `${field}.`, leg, input) : noFunding(holdH),
    leverage,
    maintenance:
      !perp || leg.maintenance === null || leg.maintenance === undefined
        ? null
        : readMaintenance(reader, `${field}.`, leg.maintenance, leg.liquidationFee),
  };
}

/** Best bid and ask by the venue's unit: the book's, else the given ones, else the price for both. */
function quotesOf(reader: Reader, field: string, leg: CarryLeg, book: ReadBook | null): { bid: Exact; ask: Exact } {
  if (leg.book !== null && leg.book !== undefined) return { bid: book?.bids[0]?.price ?? ONE, ask: book?.asks[0]?.price ?? ONE };
  const bid = reader.optional(`${field}.bid`, leg.bid, PRICE);
  const ask = reader.optional(`${field}.ask`, leg.ask, PRICE);
  if (bid !== null && ask !== null) {
    if (bid.gt(ask))
      reader.refuse(`${field}.bid`, `The bid ${bid.toFixed()} is above the ask ${ask.toFixed()}.`, 'Enter a bid at or below the ask.');
    return { bid, ask };
  }
  const price = reader.number(`${field}.price`, leg.price, PRICE);
  return { bid: price, ask: price };
}

/**
 * The mean price per coin of buying or selling `units` on a leg, in what its book is counted in: units of the price, quote money of an
 * inverse one (whose mean is harmonic). Null: the book is too thin.
 */
export function fillPrice(leg: ReadLeg, side: 'buy' | 'sell', units: Exact): Exact | null {
  if (leg.book === null) return side === 'buy' ? leg.ask : leg.bid;
  return meanFill(side === 'buy' ? leg.book.asks : leg.book.bids, units, leg.contract)?.div(leg.multiplier) ?? null;
}

/** What a side of the leg's book holds, in the same. */
export const heldBy = (leg: ReadLeg, side: 'buy' | 'sell'): Exact => heldIn((side === 'buy' ? leg.book?.asks : leg.book?.bids) ?? []);

/** The step that both legs can trade: the coarser of the two, or the least common multiple where neither holds the other. */
export function commonStep(a: Exact, b: Exact): Exact {
  const scale = new Exact(10).pow(Math.max(a.decimalPlaces(), b.decimalPlaces()));
  let [x, y] = [a.times(scale), b.times(scale)];
  while (!y.isZero()) [x, y] = [y, x.mod(y)];
  return a.times(b).times(scale).div(x);
}
