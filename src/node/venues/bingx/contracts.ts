import type { OrderRules } from '#core/venue.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { readDate } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readAmount, readName, readNumber, type Row } from '../common/read.ts';
import { unitNotes } from '../common/rules.ts';
import { NAME, parseData } from './body.ts';

export interface BingxListing extends Pick<Instrument, 'quote' | 'settle' | 'listedAt' | 'delistedAt'> {
  readonly base: string;
  readonly assetClass: AssetClass;
  /** 'paused': nothing opens and no rate runs; positions stay. */
  readonly state: 'live' | 'paused' | 'coming' | 'over';
  /** Coins in one unit of a book that counts in contracts, as decimal text. */
  readonly size: string | null;
  readonly rules: OrderRules;
}

type Coins = Pick<BingxListing, 'base' | 'quote' | 'assetClass'>;

/** Contracts on what is no coin are named NC, their kind and what the price is in: NCSKTSLA2USD, NCFXEUR2USD, NCCOGOLD2USD. */
const OTHERS = /^NC(?<kind>SK|FX|CO|SI)(?<name>.{2,})2USD$/u;
const KINDS: Readonly<Record<string, AssetClass>> = { SK: 'equity', FX: 'currency', CO: 'commodity', SI: 'index' };

/** BTC-USDT is BTC, priced and settled in USDT; null for a name of another form. */
export function coinsOf(symbol: string): Coins | null {
  const { coin, quote } = /^(?<coin>[^-]+)-(?<quote>USDT|USDC)$/u.exec(symbol)?.groups ?? {};
  if (coin === undefined || quote === undefined || readName(coin) === null) return null;
  const { kind, name } = OTHERS.exec(coin)?.groups ?? {};
  return kind === undefined || name === undefined
    ? { base: coin, quote, assetClass: 'crypto' }
    : { base: name, quote, assetClass: KINDS[kind] ?? 'crypto' };
}

/** Body of GET /openApi/swap/v2/quote/contracts by symbol; a row that does not say what it is of is left out. */
export function parseContracts(text: string, now: number): ReadonlyMap<string, BingxListing> {
  const listings = new Map<string, BingxListing>();
  for (const item of listOf(NAME, parseData(text, now), 'list of contracts')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const coins = isSymbol(symbol) ? coinsOf(symbol) : null;
    if (row === null || !isSymbol(symbol) || coins === null || listings.has(symbol)) continue;
    listings.set(symbol, {
      ...coins,
      settle: readName(row['currency']) ?? coins.quote,
      state: STATES[readNumber(row['status']) ?? 1] ?? 'live',
      listedAt: readDate(row['launchTime']),
      delistedAt: readDate(row['offTime']),
      size: readAmount(row['size']),
      rules: rulesOf(row, coins.base),
    });
  }
  return listings;
}

/** "1 online, 25 forbidden to open positions, 5 pre-online, 0 offline" */
const STATES: Readonly<Record<number, BingxListing['state']>> = { 0: 'over', 1: 'live', 5: 'coming', 25: 'paused' };

/** Orders are in coins, whatever `size` is. */
function rulesOf(row: Row, base: string): OrderRules {
  const step = stepOf(row['quantityPrecision']);
  const leverage = ['maxLongLeverage', 'maxShortLeverage'].map((name) => readNumber(row[name])).filter((one) => one !== null && one > 0);
  return {
    lotStep: step,
    minQuantity: readAmount(row['tradeMinQuantity']) ?? step,
    maxQuantity: null,
    tickSize: stepOf(row['pricePrecision']),
    minNotional: readAmount(row['tradeMinUSDT']),
    maxNotional: null,
    contractSize: '1',
    maxLeverage: leverage.length === 0 ? null : String(Math.min(...leverage.map(Number))),
    maintenance: null,
    liquidationFee: null,
    notes: [
      ...unitNotes(base),
      `${NAME} shows its maintenance margin by size only with an API key: enter the rate of your tier.`,
      `What ${NAME} charges for a liquidation itself is left out.`,
    ],
  };
}

/** 0.001 of 3 decimals; null for what is no number of them. */
function stepOf(decimals: unknown): string | null {
  const count = readNumber(decimals);
  return count !== null && Number.isInteger(count) && count >= 0 && count <= 18 ? (10 ** -count).toFixed(count) : null;
}
