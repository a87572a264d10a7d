import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { asRow, isSymbol, readAmount, readName, readText, type Row } from '../common/read.ts';
import { readDate } from '../common/poll.ts';
import { grouped, unitNotes } from '../common/rules.ts';
import { parseData } from './body.ts';
import { FEES } from './fees.ts';

/** What is traded and what a contract is, as far as the venue says it. */
interface Terms extends Pick<Instrument, 'quote' | 'settle' | 'contract' | 'contractSize' | 'assetClass' | 'listedAt' | 'delistedAt'> {
  readonly base: string;
  /** The index that it follows, BTC-USDT. */
  readonly index: string;
}

export interface OkxListing extends Terms {
  /** What its position tiers are listed under. */
  readonly family: string;
  /** 'soon': it is listed and does not trade yet. */
  readonly state: 'live' | 'soon' | 'over';
  /** Without the maintenance margin, which has a list of its own. */
  readonly rules: OrderRules;
}

/** `instCategory`: the kind of its base asset. Bonds (6) have no class of ours. */
const CLASSES: Readonly<Record<string, AssetClass>> = { 1: 'crypto', 3: 'equity', 4: 'commodity', 5: 'currency' };

/**
 * What the name of a swap tells, for when the list does not: BTC-USDT-SWAP, BTC-USDC-SWAP, BTC-USD-SWAP that is settled in BTC, and
 * BTC-USD_UM-SWAP that is settled in dollars. The size of its contract it does not.
 */
export function termsOfName(symbol: string): Terms | null {
  const [, base, quote, inDollars] = /^([^-]+)-(USDT|USDC|USD)(_UM)?-SWAP$/u.exec(symbol) ?? [];
  if (base === undefined || quote === undefined) return null;
  const inverse = quote === 'USD' && inDollars === undefined;
  return {
    base,
    quote,
    settle: inverse ? base : quote,
    contract: inverse ? 'inverse' : 'linear',
    contractSize: null,
    assetClass: null,
    listedAt: null,
    delistedAt: null,
    index: `${base}-${quote}`,
  };
}

/** Body of GET /api/v5/public/instruments?instType=SWAP; a row that does not say what it is of is left out. `now`: of this machine. */
export function parseInstruments(text: string, now: number): ReadonlyMap<string, OkxListing> {
  const listings = new Map<string, OkxListing>();
  for (const item of parseData(text, 'list of instruments')) {
    const row = asRow(item);
    const symbol = row?.['instId'];
    const terms = row === null ? null : termsOf(row);
    if (row === null || terms === null || !isSymbol(symbol)) continue;
    const family = readText(row['instFamily']) ?? terms.index;
    listings.set(symbol, { ...terms, family, state: stateOf(row, terms, now), rules: rulesOf(row, terms) });
  }
  return listings;
}

function termsOf(row: Row): Terms | null {
  const index = readText(row['uly']);
  const [base, quote, ...rest] = index?.split('-') ?? [];
  const settle = readName(row['settleCcy']);
  const type = row['ctType'];
  if (index === null || readName(base) === null || readName(quote) === null || rest.length > 0 || settle === null) return null;
  if (base === undefined || quote === undefined || (type !== 'linear' && type !== 'inverse')) return null;
  const isPreMarket = row['ruleType'] === 'pre_market';
  return {
    base,
    quote,
    settle,
    contract: type,
    contractSize: sizeOfContract(row, type === 'linear' ? base : quote),
    assetClass: isPreMarket ? 'pre-market' : (CLASSES[readText(row['instCategory']) ?? ''] ?? null),
    listedAt: readDate(row['listTime']),
    delistedAt: readDate(row['expTime']),
    index,
  };
}

/** ctVal x ctMult, in ctValCcy: coins of a linear contract, quote money of an inverse one; null where it is in something else. */
function sizeOfContract(row: Row, unit: string): number | null {
  const [value, times] = [readAmount(row['ctVal']), readAmount(row['ctMult'])];
  if (value === null || row['ctValCcy'] !== unit) return null;
  return exact(value)
    .times(times ?? 1)
    .toNumber();
}

/** `expTime` of a swap is when it will be delisted. */
function stateOf(row: Row, { delistedAt }: Terms, now: number): OkxListing['state'] {
  if (row['state'] === 'suspend' || (delistedAt !== null && delistedAt <= now)) return 'over';
  return row['state'] === 'preopen' || row['state'] === 'test' ? 'soon' : 'live';
}

/** Added to the maintenance margin: https://www.okx.com/help/v-tiered-maintenance-margin-ratio-rules */
const LIQUIDATION_FEE = String(FEES.perp[0].taker);
const percent = (share: string): string => exact(share).times(100).toFixed();

/** `posLmtAmt`, `posLmtPct`: a person's largest position in USD, or that share of the whole open interest where it is more. */
function positionNotes(most: string | null, share: string | null): string[] {
  if (most === null) return [];
  const orShare = share === null ? '' : `, or ${share} % of its open interest where that is more`;
  return [`OKX allows a position of ${grouped(most)} USD in it${orShare}.`];
}

function rulesOf(row: Row, { base, contract, contractSize, quote }: Terms): OrderRules {
  const mostAtMarket = readAmount(row['maxMktSz']);
  const size = contractSize === null ? null : exact(contractSize).toFixed();
  const unit = contract === 'linear' ? base : quote;
  const sizeNote = size === null ? 'does not say what one contract is.' : `counts in contracts of ${size} ${unit}.`;
  return {
    lotStep: readAmount(row['lotSz']),
    minQuantity: readAmount(row['minSz']),
    maxQuantity: mostAtMarket ?? readAmount(row['maxLmtSz']),
    tickSize: readAmount(row['tickSz']),
    minNotional: null,
    maxNotional: null,
    contractSize: size,
    maxLeverage: readAmount(row['lever']),
    maintenance: null,
    liquidationFee: LIQUIDATION_FEE,
    notes: [
      `OKX ${sizeNote}`,
      ...unitNotes(base),
      ...positionNotes(readAmount(row['posLmtAmt']), readAmount(row['posLmtPct'])),
      `OKX liquidates where the maintenance margin and the fee of the liquidation are no longer covered: ${percent(LIQUIDATION_FEE)} %, a new account's taker fee.`,
    ],
  };
}
