import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { asRow, isSymbol, readAmount, readName, readNumber, readText, type Row } from '../common/read.ts';
import { type ListedTerms, readDate } from '../common/poll.ts';
import { unitNotes } from '../common/rules.ts';
import { NAME, readSeconds, type Settle } from './body.ts';

/** What is traded and what a contract is, as a row of the list of contracts says it. */
export interface GateListing extends ListedTerms {
  /** 'soon': it is listed and does not trade yet. */
  readonly state: 'live' | 'soon' | 'over';
  readonly row: Row;
}

/** `contract_type`: empty for coins. */
const CLASSES: Readonly<Record<string, AssetClass>> = {
  '': 'crypto',
  crypto: 'crypto',
  stocks: 'equity',
  metals: 'commodity',
  commodities: 'commodity',
  indices: 'index',
  forex: 'currency',
};

/** What a row is of, or why that cannot be told. `now`: of this machine. */
export function listingOf(row: Row, settle: Settle, now: number): GateListing | string {
  const symbol = row['name'];
  if (!isSymbol(symbol)) return 'its name is not a pair of coins';
  const between = symbol.lastIndexOf('_');
  const base = readName(symbol.slice(0, Math.max(0, between)));
  const quote = readName(symbol.slice(between + 1));
  if (base === null || quote === null || !/^[A-Z0-9]+$/u.test(quote)) return 'its name is not a pair of coins';
  const money = settle.toUpperCase();
  // Settled in what it is priced in, or in its own coin; the third kind, settled in neither, has amounts of another making.
  const kind = quote === money ? 'direct' : base === money ? 'inverse' : null;
  const type = readText(row['type']);
  if (kind === null || (type !== null && type !== kind)) return `a contract of type ${type ?? 'unknown'} that settles in ${money}`;
  const contract = kind === 'direct' ? 'linear' : 'inverse';
  const delistedAt = readDate(readSeconds(row['delisted_time']));
  const state = stateOf(row, delistedAt, now);
  const isEnding = row['in_delisting'] === true || row['status'] === 'delisting' || state === 'over';
  return {
    base,
    quote,
    settle: money,
    contract,
    contractSize: sizeOfContract(row, contract),
    assetClass: classOf(row),
    listedAt: readDate(readSeconds(row['launch_time'])),
    // What trades on has no end behind it.
    delistedAt: isEnding || (delistedAt ?? 0) > now ? delistedAt : null,
    state,
    row,
  };
}

/** Listings by symbol; a row that does not say what it is of is left out. */
export function listingsOf(list: readonly unknown[], settle: Settle, now: number): ReadonlyMap<string, GateListing> {
  const listings = new Map<string, GateListing>();
  for (const item of list) {
    const row = asRow(item);
    const listing = row === null ? 'no row' : listingOf(row, settle, now);
    const symbol = row?.['name'];
    if (typeof listing !== 'string' && isSymbol(symbol) && !listings.has(symbol)) listings.set(symbol, listing);
  }
  return listings;
}

/**
 * `quanto_multiplier`: coins of a linear contract. Of an inverse one it is 0 and does not count: one contract is 1 USD
 * (https://github.com/gateio/gateapi-python/issues/137).
 */
function sizeOfContract(row: Row, contract: Instrument['contract']): number | null {
  const multiplier = readNumber(row['quanto_multiplier']);
  if (contract === 'inverse') return multiplier === 0 ? 1 : null;
  return multiplier !== null && multiplier > 0 ? multiplier : null;
}

function classOf(row: Row): AssetClass | null {
  if (row['is_pre_market'] === true) return 'pre-market';
  const type = row['contract_type'];
  return typeof type === 'string' ? (CLASSES[type] ?? null) : null;
}

/** In delisting with positions it is in transition, and settles; without any it is delisted. */
function stateOf(row: Row, delistedAt: number | null, now: number): GateListing['state'] {
  const status = row['status'];
  const isDelisting = row['in_delisting'] === true;
  const isPast = delistedAt !== null && delistedAt <= now;
  if (status === 'delisted' || (isDelisting && (isPast || readNumber(row['position_size']) === 0))) return 'over';
  return status === 'prelaunch' ? 'soon' : 'live';
}

/** Without the maintenance margin, which has a list of its own. Asked for where a person plans: of all contracts they would cost more than the rates. */
export function rulesOf({ row, base, contract, contractSize, quote }: GateListing): OrderRules {
  const least = readAmount(row['order_size_min']);
  // Added to the maintenance margin: https://www.gate.io/help/futures/futures/27724/liquidation-price-bankruptcy-price
  const fee = readAmount(row['taker_fee_rate']);
  const takesParts = row['enable_decimal'] === true && least !== null && Number(least) < 1;
  // The number as the venue writes it: 0.0000001 stays that.
  const size = contractSize === null ? null : contract === 'inverse' ? '1' : readAmount(row['quanto_multiplier']);
  const sizeNote =
    size === null ? 'does not say what one contract is.' : `counts in contracts of ${size} ${contract === 'linear' ? base : quote}.`;
  return {
    lotStep: takesParts ? least : '1',
    minQuantity: least,
    // 0: orders at market are bounded like the others.
    maxQuantity: readAmount(row['market_order_size_max']) ?? readAmount(row['order_size_max']),
    tickSize: readAmount(row['order_price_round']),
    minNotional: null,
    maxNotional: null,
    contractSize: size,
    maxLeverage: readAmount(row['leverage_max']),
    maintenance: null,
    liquidationFee: fee,
    notes: [
      `${NAME} ${sizeNote}`,
      ...unitNotes(base),
      ...(takesParts ? [`${NAME} takes parts of a contract and does not state their step; its least order stands for it.`] : []),
      fee === null
        ? `What ${NAME} charges for a liquidation itself is left out.`
        : `${NAME} liquidates where the maintenance margin and a taker fee of ${exact(fee).times(100).toFixed()} % are no longer covered.`,
    ],
  };
}
