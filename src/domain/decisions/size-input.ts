import { readBook, type Book, type ReadBook } from './book.ts';
import { Exact, ONE, ZERO, type Fraction } from './exact.ts';
import { aboveCap } from './liquidation.ts';
import { readMaintenance, type Maintenance, type MaintenanceRule } from './maintenance.ts';
import type { Trade } from './payoff.ts';
import {
  AMOUNT,
  DAILY,
  FEE,
  LEVERAGE,
  POSITIVE,
  PRICE,
  RATE_PER_HOUR,
  RISK,
  STEP,
  type Given,
  type NumberRule,
  type Reader,
} from './reader.ts';
import { signOf, type Contract, type MarginMode, type Side } from './side.ts';
import { paidShare, readFunding, type FundingTerms, type Hold, type ReadFunding } from './settlements.ts';

export interface SizeInput {
  readonly contract: Contract;
  readonly side: Side;
  readonly margin: MarginMode;
  readonly equity: Given;
  /** Inverse only: an equity in the quote currency is divided by the entry. Else it is in the settle currency. */
  readonly equityIn?: 'settle' | 'quote' | undefined;
  /** Share of equity to risk: 0.01 is 1 %. */
  readonly risk?: Given;
  /** A quantity that is set, in contracts, in the place of the risk: then the share at risk is the answer. */
  readonly contracts?: Given;
  readonly entry: Given;
  readonly stop: Given;
  readonly targets?: readonly Given[] | undefined;
  readonly leverage: Given;
  /** The person's own cap, and the venue's. */
  readonly leverageCap?: Given;
  readonly venueMaxLeverage?: Given;
  /** One way each, decimal. */
  readonly feeIn: Given;
  readonly feeOut: Given;
  /** Per fill; not read where a book is given. */
  readonly slipBps?: Given;
  readonly book?: Book | null | undefined;
  readonly funding?: FundingTerms | null | undefined;
  readonly hold?: Hold | null | undefined;
  /** In contracts; a contract is `contractSize` base coins (linear) or quote money (inverse), empty: 1. */
  readonly lotStep: Given;
  readonly minQuantity?: Given;
  readonly contractSize?: Given;
  /** Quote money. */
  readonly minNotional?: Given;
  /** What the venue publishes as the most: of one order, in contracts; of a position (the end of its last tier), quote money. */
  readonly maxQuantity?: Given;
  readonly maxNotional?: Given;
  /** The mark now: a position whose liquidation price lies beyond it would not last. */
  readonly mark?: Given;
  readonly maintenance?: MaintenanceRule | null | undefined;
  readonly liquidationFee?: Given;
  /** Cross: maintenance of the other positions. */
  readonly otherMaintenance?: Given;
  /** Both in base coins (linear) or quote money (inverse). */
  readonly openInterest?: Given;
  readonly topOfBook?: Given;
  /** Multipliers of the risk, each off unless given. */
  readonly scale?: RiskScale | null | undefined;
  /** Names for units. */
  readonly base?: string | undefined;
  readonly quote?: string | undefined;
}

export interface RiskScale {
  readonly volatility?: { readonly target: Given; readonly measured: Given } | null | undefined;
  readonly signal?: { readonly d: Given; readonly theta: Given } | null | undefined;
}

export interface ReadSize {
  readonly trade: Trade;
  readonly stop: Exact;
  readonly targets: readonly Exact[];
  readonly equity: Exact;
  /** Equity in the settle currency. */
  readonly capital: Fraction;
  /** 0 where the quantity is set. */
  readonly risk: Exact;
  readonly fixed: Exact | null;
  /** What is counted: the typed one, or the most that the venue allows where that is less. */
  readonly leverage: Exact;
  /** Where the venue allows less than what is typed: that, and who says so. Null: it does not. */
  readonly overLeverage: { readonly typed: Exact; readonly who: string } | null;
  readonly book: ReadBook | null;
  readonly funding: ReadFunding;
  readonly lotStep: Exact;
  readonly minQuantity: Exact;
  readonly minNotional: Exact;
  readonly maxQuantity: Exact | null;
  readonly maxNotional: Exact | null;
  readonly mark: Exact | null;
  /** Of the leverage: the person's and the venue's. */
  readonly caps: readonly Exact[];
  readonly maintenance: Maintenance | null;
  readonly otherMaintenance: Exact;
  readonly openInterest: Exact | null;
  readonly topOfBook: Exact | null;
  readonly byVolatility: { readonly target: Exact; readonly measured: Exact } | null;
  readonly bySignal: { readonly d: Exact; readonly theta: Exact } | null;
}

const THETA: NumberRule = { ...RATE_PER_HOUR, above: 0, right: 'Enter a threshold per hour as a decimal, above 0: 0.05 % is 0.0005.' };

/** Every field alone first, then what cannot be together. */
export function readSize(reader: Reader, input: SizeInput): ReadSize {
  const sign = signOf(input.side);
  const entry = reader.number('entry', input.entry, PRICE);
  const stop = reader.number('stop', input.stop, PRICE);
  const equity = reader.number('equity', input.equity, POSITIVE);
  const given = input.book === null || input.book === undefined ? null : readBook(reader, 'book', input.book);
  const funding = readFunding(reader, 'funding.', input.funding ?? {}, input.hold ?? {}, 'cost', 'hold.');
  const typed = reader.number('leverage', input.leverage, LEVERAGE);
  const trade: Trade = {
    contract: input.contract,
    sign,
    entry,
    contractSize: reader.or('contractSize', input.contractSize, POSITIVE, ONE),
    feeIn: reader.number('feeIn', input.feeIn, FEE),
    feeOut: reader.number('feeOut', input.feeOut, FEE),
    slip: given === null ? reader.slippage('slipBps', input.slipBps) : ZERO,
    paid: paidShare(funding, sign),
  };
  const { volatility, signal } = input.scale ?? {};
  const own = reader.optional('leverageCap', input.leverageCap, LEVERAGE);
  const ofVenue = reader.optional('venueMaxLeverage', input.venueMaxLeverage, LEVERAGE);
  const maintenance =
    input.maintenance === null || input.maintenance === undefined
      ? null
      : readMaintenance(reader, '', input.maintenance, input.liquidationFee);
  // Where the smallest position may not have it, no size may.
  // A field that is there and empty is asked for: it stands in the place of the risk.
  const fixed = input.contracts === null || input.contracts === undefined ? null : reader.number('contracts', input.contracts, POSITIVE);
  const ofTiers = maintenance?.tiers[0]?.maxLeverage ?? null;
  const who = ofVenue === null || ofTiers?.lt(ofVenue) === true ? 'the tier table allows' : 'the venue allows';
  const published = [ofVenue, ofTiers].filter((most) => most !== null);
  const leverage = Exact.min(typed, ...published);
  const read: ReadSize = {
    trade,
    stop,
    targets: (input.targets ?? []).map((target, i) => reader.number(`targets.${i}`, target, PRICE)),
    equity,
    capital: { num: equity, den: input.contract === 'inverse' && input.equityIn === 'quote' ? entry : ONE },
    risk: fixed === null ? reader.number('risk', input.risk, RISK) : ZERO,
    fixed,
    leverage,
    overLeverage: leverage.lt(typed) ? { typed, who } : null,
    book: given,
    funding,
    lotStep: reader.number('lotStep', input.lotStep, STEP),
    minQuantity: reader.or('minQuantity', input.minQuantity, AMOUNT, ZERO),
    minNotional: reader.or('minNotional', input.minNotional, AMOUNT, ZERO),
    maxQuantity: reader.optional('maxQuantity', input.maxQuantity, POSITIVE),
    maxNotional: reader.optional('maxNotional', input.maxNotional, POSITIVE),
    mark: reader.optional('mark', input.mark, PRICE),
    caps: [own, ofVenue].filter((cap) => cap !== null),
    maintenance,
    otherMaintenance: reader.or('otherMaintenance', input.otherMaintenance, AMOUNT, ZERO),
    openInterest: reader.optional('openInterest', input.openInterest, AMOUNT),
    topOfBook: reader.optional('topOfBook', input.topOfBook, POSITIVE) ?? bestOf(given, sign),
    byVolatility:
      volatility === null || volatility === undefined
        ? null
        : {
            target: reader.number('scale.volatility.target', volatility.target, DAILY),
            measured: reader.number('scale.volatility.measured', volatility.measured, DAILY),
          },
    bySignal:
      signal === null || signal === undefined
        ? null
        : {
            d: reader.number('scale.signal.d', signal.d, RATE_PER_HOUR).abs(),
            theta: reader.number('scale.signal.theta', signal.theta, THETA),
          },
  };
  if (own !== null && typed.gt(own)) reader.refuse('leverage', ...aboveCap(typed, own, 'your cap allows'));
  refuseSides(reader, input, read);
  return read;
}

function refuseSides(reader: Reader, input: SizeInput, { trade, stop, targets }: ReadSize): void {
  const { sign, entry } = trade;
  const [name, stopSide, targetSide] = input.side === 'long' ? ['long', 'below', 'above'] : ['short', 'above', 'below'];
  const at = entry.toFixed();
  if (sign.times(entry.minus(stop)).lte(0)) {
    reader.refuse('stop', `The stop ${stop.toFixed()} is on the wrong side of a ${name} from ${at}.`, `Enter a stop ${stopSide} ${at}.`);
  }
  for (const [i, target] of targets.entries()) {
    if (sign.times(target.minus(entry)).lte(0)) {
      reader.refuse(
        `targets.${i}`,
        `The target ${target.toFixed()} is on the wrong side of a ${name} from ${at}.`,
        `Enter a target ${targetSide} ${at}.`,
      );
    }
  }
}

/** Quantity at the best price that the entry takes. */
const bestOf = (book: ReadBook | null, sign: Exact): Exact | null =>
  (sign.gt(0) ? book?.asks[0]?.quantity : book?.bids[0]?.quantity) ?? null;
