import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { AssetClass } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { readCap } from '../common/poll.ts';
import { asRow, isSymbol, readAmount, readName, readNumber, readText, type Row } from '../common/read.ts';
import { grouped, unitNotes } from '../common/rules.ts';
import { NAME, parseList, readNaiveTime } from './body.ts';

export interface BackpackCoins {
  readonly base: string;
  readonly quote: string;
  readonly assetClass: AssetClass | null;
}

export interface BackpackListing extends BackpackCoins {
  readonly listedAt: number | null;
  readonly state: 'live' | 'closed';
  readonly intervalH: number | null;
  readonly cap: number | undefined;
  readonly floor: number | undefined;
  readonly rules: OrderRules;
}

const CLASSES: Readonly<Record<string, AssetClass>> = { STOCK: 'equity', INDEX: 'index', COMMODITY: 'commodity', FX: 'currency' };
/** Shares are named after where they are listed: AAPL.US. */
const LISTED_IN = /\.[A-Z]{2}$/u;

/** Of a name without the list: BTC_USDC_PERP is BTC in USDC; of what class it is stays unknown. */
export function coinsOfName(symbol: string): BackpackCoins | null {
  const { base, quote } = /^(?<base>.+)_(?<quote>[A-Z]+)_PERP$/u.exec(symbol)?.groups ?? {};
  return base === undefined || quote === undefined || readName(base) === null
    ? null
    : { base: base.replace(LISTED_IN, ''), quote, assetClass: null };
}

/** Body of GET /api/v1/markets?marketType=PERP by symbol; what is no perpetual is left out. */
export function parseMarkets(text: string): ReadonlyMap<string, BackpackListing> {
  const listings = new Map<string, BackpackListing>();
  for (const item of parseList(text, 'list of markets')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const [base, quote] = [readName(row?.['baseSymbol']), readName(row?.['quoteSymbol'])];
    if (row === null || !isSymbol(symbol) || !base || !quote || row['marketType'] !== 'PERP') continue;
    const kind = readText(row['rwaMarketType']);
    listings.set(symbol, {
      base: kind === null ? base : base.replace(LISTED_IN, ''),
      quote,
      assetClass: kind === null ? 'crypto' : (CLASSES[kind] ?? null),
      listedAt: readNaiveTime(row['createdAt']),
      state: row['orderBookState'] === 'Closed' ? 'closed' : 'live',
      intervalH: hoursOf(row['fundingInterval']),
      cap: readCap(fractionOf(row['fundingRateUpperBound']), 1),
      floor: readCap(fractionOf(row['fundingRateLowerBound']), -1),
      rules: rulesOf(row, base),
    });
  }
  return listings;
}

/** Bounds are in basis points: "10 = 10bps". */
const fractionOf = (value: unknown): number | null => {
  const points = readNumber(value);
  return points === null ? null : points / 10_000;
};

/** Whole hours from 1 to 24 of milliseconds; null for what is no interval. */
function hoursOf(value: unknown): number | null {
  const hours = (readNumber(value) ?? 0) / HOUR_MS;
  return Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}

function rulesOf(row: Row, base: string): OrderRules {
  const filters = asRow(row['filters']);
  const [price, quantity] = [asRow(filters?.['price']), asRow(filters?.['quantity'])];
  const [initial, maintenance] = [asRow(row['imfFunction']), asRow(row['mmfFunction'])];
  const [least, rate] = [readAmount(initial?.['base']), readAmount(maintenance?.['base'])];
  const state = readText(row['orderBookState']) ?? 'Open';
  return {
    lotStep: readAmount(quantity?.['stepSize']),
    minQuantity: readAmount(quantity?.['minQuantity']),
    maxQuantity: readAmount(quantity?.['maxQuantity']),
    tickSize: readAmount(price?.['tickSize']),
    minNotional: null,
    maxNotional: null,
    contractSize: '1',
    maxLeverage: least === null ? null : exact(1).div(least).toDecimalPlaces(4, 1).toFixed(),
    maintenance: rate === null ? null : { kind: 'flat', rate },
    liquidationFee: null,
    notes: [
      ...unitNotes(base, true),
      ...rootNotes(rate, readAmount(maintenance?.['factor'])),
      `${NAME} keeps 1 % of what it liquidates, which is left out.`,
      ...(state === 'Open' ? [] : [`${NAME} takes no ordinary orders here now (${state}).`]),
    ],
  };
}

/** The margin is `base` as long as the factor times the root of the position value is less. */
function rootNotes(base: string | null, factor: string | null): string[] {
  if (base === null) return [`${NAME} does not state a maintenance margin of it.`];
  if (factor === null) return [];
  const upTo = exact(base).div(factor).pow(2).toDecimalPlaces(0, 1).toFixed();
  return [`The maintenance margin is that of positions up to ${grouped(upTo)} USDC; of larger ones it grows with the root of their value.`];
}
