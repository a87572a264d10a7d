import { ONE, ZERO, type Exact } from './exact.ts';
import type { Position } from './liquidation-price.ts';
import { readPosition } from './liquidation.ts';
import { isGiven } from './ignored.ts';
import type { Maintenance, MaintenanceRule } from './maintenance.ts';
import type { Costs } from './net.ts';
import { notionalAt } from './liquidation-price.ts';
import { FEE, LEVERAGE, MONEY, POSITIVE, PRICE, SHARE, type Given, type NumberRule, type Reader } from './reader.ts';
import { paidShare, readFunding, type FundingTerms, type Hold, type ReadFunding } from './settlements.ts';
import { signOf, type Contract, type MarginMode, type Side } from './side.ts';

export interface ProfitInput {
  readonly contract: Contract;
  readonly side: Side;
  readonly margin: MarginMode;
  readonly entry: Given;
  readonly contracts: Given;
  /** Base coins (linear) or quote money (inverse) per contract; empty: 1. */
  readonly contractSize?: Given;
  readonly exit: Given;
  readonly stop?: Given;
  readonly leverage?: Given;
  readonly venueMaxLeverage?: Given;
  /** Isolated: put in on top of notional/leverage. */
  readonly addedMargin?: Given;
  /** For the return on it and the share at risk; cross: the margin. In the settle currency (see `equityIn`). */
  readonly equity?: Given;
  /** Inverse only: an equity in quote is divided by the entry (of a filled position by the mark). */
  readonly equityIn?: 'settle' | 'quote' | undefined;
  readonly otherMaintenance?: Given;
  readonly maintenance?: MaintenanceRule | null | undefined;
  readonly liquidationFee?: Given;
  readonly mark?: Given;
  /** One way each, decimal. */
  readonly feeIn: Given;
  readonly feeOut: Given;
  /** Per fill; of an entry that is filled only at the exit. */
  readonly slipBps?: Given;
  /** The entry is a fill and not a plan: its slippage is in its price, and a cross equity holds its fee and its open profit. */
  readonly filled?: boolean | undefined;
  /** Funding paid since the entry, in the settle currency (received: below 0). */
  readonly fundingPaid?: Given;
  /** What is still to come, from `hold.openAt` on. */
  readonly funding?: FundingTerms | null | undefined;
  readonly hold?: Hold | null | undefined;
  /** Net profit that is wanted, in the settle currency, and as a multiple of the loss at the stop: the exits that bring them. */
  readonly wantedNet?: Given;
  readonly wantedR?: Given;
  /** A move against the position, from the entry, that the capital is to outlast: 0.2 is 20 %. */
  readonly buffer?: Given;
  /** Net by price and hold. */
  readonly whatIf?: { readonly prices: readonly Given[]; readonly holdsH: readonly Given[] } | null | undefined;
  readonly base?: string | undefined;
  readonly quote?: string | undefined;
}

export interface ReadProfit {
  readonly position: Position;
  readonly exit: Exact;
  readonly stop: Exact | null;
  readonly leverage: Exact | null;
  /** In the settle currency. */
  readonly equity: Exact | null;
  readonly feeIn: Exact;
  readonly feeOut: Exact;
  readonly slipIn: Exact;
  readonly slipOut: Exact;
  readonly paidSoFar: Exact;
  readonly funding: ReadFunding;
  /** Of the hold, per notional; received: below 0. */
  readonly share: Exact;
  /** What funding is charged on, held flat: the value at the entry, of a filled position at the mark. */
  readonly charged: Exact;
  readonly wantedNet: Exact | null;
  readonly wantedR: Exact | null;
  readonly buffer: Exact | null;
  /** Null: it is not known what holds the position. */
  readonly margined: Margined | null;
}

/** What holds it before any profit, after the funding paid so far. */
export interface Margined {
  readonly balance: Exact;
  /** Null: no rate is known. */
  readonly maintenance: Maintenance | null;
  /** Where the walk to its liquidation price starts; null: at the entry. */
  readonly from: Exact | null;
}

const BUFFER: NumberRule = {
  ...SHARE,
  max: '0.95',
  right: 'Enter the move that the capital has to outlast as a decimal, from 0 to 0.95: 20 % is 0.2.',
};
const WANTED_R: NumberRule = { above: -1000, max: 1000, right: 'Enter a multiple of the loss at the stop, such as 2.' };

export function readProfit(reader: Reader, input: ProfitInput): ReadProfit {
  const sign = signOf(input.side);
  const entry = reader.number('entry', input.entry, PRICE);
  const contracts = reader.number('contracts', input.contracts, POSITIVE);
  const contractSize = reader.or('contractSize', input.contractSize, POSITIVE, ONE);
  const position: Position = { contract: input.contract, sign, entry, contracts, units: contracts.times(contractSize) };
  const funding = readFunding(reader, 'funding.', input.funding ?? {}, input.hold ?? {}, 'cost', 'hold.');
  const slip = reader.slippage('slipBps', input.slipBps);
  const mark = reader.optional('mark', input.mark, PRICE);
  const equity = reader.optional('equity', input.equity, POSITIVE);
  const inQuote = input.contract === 'inverse' && input.equityIn === 'quote';
  const filled = input.filled === true;
  const read = {
    position,
    exit: reader.number('exit', input.exit, PRICE),
    stop: reader.optional('stop', input.stop, PRICE),
    leverage: reader.optional('leverage', input.leverage, LEVERAGE),
    equity: equity === null || !inQuote ? equity : equity.div((filled ? mark : null) ?? entry),
    feeIn: reader.number('feeIn', input.feeIn, FEE),
    feeOut: reader.number('feeOut', input.feeOut, FEE),
    slipIn: filled ? ZERO : slip,
    slipOut: slip,
    paidSoFar: reader.or('fundingPaid', input.fundingPaid, MONEY, ZERO),
    funding,
    share: paidShare(funding, sign),
    charged: notionalAt(position, (filled ? mark : null) ?? entry),
    wantedNet: reader.optional('wantedNet', input.wantedNet, MONEY),
    wantedR: reader.optional('wantedR', input.wantedR, WANTED_R),
    buffer: reader.optional('buffer', input.buffer, BUFFER),
  };
  return { ...read, margined: reader.ok() ? readMargined(reader, input, read) : null };
}

/** Null where nothing is said of what holds it. */
function readMargined(reader: Reader, input: ProfitInput, { position, feeIn, slipIn }: Omit<ReadProfit, 'margined'>): Margined | null {
  if (!isGiven(input.margin === 'cross' ? input.equity : input.leverage)) return null;
  const from = input.filled === true ? input.mark : null;
  const read = readPosition({
    contract: input.contract,
    side: input.side,
    margin: input.margin,
    entry: input.entry,
    contracts: input.contracts,
    contractSize: input.contractSize,
    leverage: input.leverage,
    venueMaxLeverage: input.venueMaxLeverage,
    addedMargin: input.addedMargin,
    equity: input.equity,
    equityIn: input.equityIn,
    otherMaintenance: input.otherMaintenance,
    maintenance: input.maintenance ?? { kind: 'flat', rate: 0 },
    liquidationFee: isGiven(input.maintenance) ? input.liquidationFee : null,
    fundingPaid: input.fundingPaid,
    mark: from,
  });
  if ('problems' in read) {
    reader.problems.push(...read.problems);
    return null;
  }
  const entryCost =
    input.margin === 'cross' && input.filled !== true ? feeIn.plus(slipIn).times(notionalAt(position, position.entry)) : ZERO;
  return { balance: read.balance.minus(entryCost), maintenance: isGiven(input.maintenance) ? read.maintenance : null, from: read.mark };
}

/** Costs with the funding so far and that of a hold, `share` of the notional. */
export const costsOf = ({ feeIn, feeOut, slipIn, slipOut, paidSoFar, charged }: ReadProfit, share: Exact): Costs => ({
  onEntry: feeIn.plus(slipIn),
  onExit: feeOut.plus(slipOut),
  funding: paidSoFar.plus(share.times(charged)),
});
