import type { OrderRules, VenueIo } from '#core/venue.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { readCap, readDate } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, malformed, readAmount, readName, readNumber, readText, type Row } from '../common/read.ts';
import { marketOrderNotes, unitNotes } from '../common/rules.ts';
import { parseBody } from './body.ts';
import { type Coins, CONTRACT_SIZE, type Market } from './market.ts';

/** A thousand instruments each. */
const MAX_PAGES = 20;

export interface BybitListing extends Coins, Pick<Instrument, 'assetClass' | 'listedAt' | 'delistedAt'> {
  readonly intervalH: number | null;
  readonly interestPer8h: number | null;
  /** Per paid interval. */
  readonly cap: number | undefined;
  readonly floor: number | undefined;
  /** A perpetual of the market, and no dated future. */
  readonly perpetual: boolean;
  /** A perpetual that trades. */
  readonly live: boolean;
  /** Without the maintenance margin and the largest position, which have a list of their own. */
  readonly rules: OrderRules;
}

/** The venue's documented interest of coins, 0.03 % a day; no endpoint states it. */
const INTEREST_OF_COINS = 0.0001;
/** `symbolType` of instruments-info: empty or a zone of risk for coins. */
const COINS: ReadonlySet<string> = new Set(['', 'innovation', 'adventure']);
/** Those on shares, which rest at 0: AAPLUSDT settled at 0 in 306 of 346 recorded settlements. */
const EQUITIES: ReadonlySet<string> = new Set(['stock', 'etf', 'xstocks', 'mstocks']);

const OTHER_CLASSES: Readonly<Record<string, AssetClass>> = { commodity: 'commodity', forex: 'currency', index: 'index' };

/** By `symbolType`; null for a type that is not known here. */
function underlyingOf(row: Row): AssetClass | null {
  const type = (readText(row['symbolType']) ?? '').toLowerCase();
  // Shares also name the region of their exchange.
  if (EQUITIES.has(type) || (type === '' && readText(row['marketRegion']) !== null)) return 'equity';
  return COINS.has(type) ? 'crypto' : (OTHER_CLASSES[type] ?? null);
}

/** Interest per 8 h by what is traded; null where it is not sourced (commodities, currencies). */
const interestOf = (underlying: AssetClass | null): number | null =>
  underlying === 'equity' ? 0 : underlying === 'crypto' ? INTEREST_OF_COINS : null;

/** Hours of an interval; null for what is none. */
export const inHours = (hours: number | null): number | null => (hours !== null && hours > 0 && hours <= 24 ? hours : null);

export interface InstrumentsPage {
  readonly listings: ReadonlyMap<string, BybitListing>;
  /** Cursor of the next page; null on the last. */
  readonly cursor: string | null;
}

/** Body of GET /v5/market/instruments-info: coins, interval in minutes, launch time, rules. */
export function parseInstruments({ name, contractType, contract }: Market, text: string): InstrumentsPage {
  const { result } = parseBody(name, text);
  const listings = new Map<string, BybitListing>();
  for (const item of listOf(name, result['list'], 'list of instruments')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const base = readName(row?.['baseCoin']);
    const quote = readName(row?.['quoteCoin']);
    if (row === null || !isSymbol(symbol) || base === null || quote === null) continue;
    const minutes = readNumber(row['fundingInterval']);
    const perpetual = (readText(row['contractType']) ?? contractType) === contractType;
    const settle = readName(row['settleCoin']) ?? (contract === 'linear' ? quote : base);
    listings.set(symbol, {
      base,
      quote,
      settle,
      intervalH: inHours(minutes === null ? null : minutes / 60),
      assetClass: row['isPreListing'] === true ? 'pre-market' : underlyingOf(row),
      listedAt: readDate(row['launchTime']),
      delistedAt: readDate(row['deliveryTime']),
      interestPer8h: interestOf(underlyingOf(row)),
      cap: readCap(row['upperFundingRate'], 1),
      floor: readCap(row['lowerFundingRate'], -1),
      perpetual,
      live: perpetual && (readText(row['status']) ?? 'Trading') === 'Trading',
      rules: readRules(row, (most) =>
        contract === 'linear'
          ? [...unitNotes(base), ...marketOrderNotes(most, base)]
          : [`${name} counts in contracts of ${CONTRACT_SIZE} ${quote}.`, ...marketOrderNotes(most, 'contracts')],
      ),
    });
  }
  return { listings, cursor: readText(result['nextPageCursor']) };
}

function readRules(row: Row, notesOf: (mostAtMarket: string | null) => readonly string[]): OrderRules {
  const lot = asRow(row['lotSizeFilter']);
  const mostAtMarket = readAmount(lot?.['maxMktOrderQty']);
  return {
    lotStep: readAmount(lot?.['qtyStep']),
    minQuantity: readAmount(lot?.['minOrderQty']),
    maxQuantity: mostAtMarket ?? readAmount(lot?.['maxOrderQty']),
    tickSize: readAmount(asRow(row['priceFilter'])?.['tickSize']),
    minNotional: readAmount(lot?.['minNotionalValue']),
    maxNotional: null,
    contractSize: String(CONTRACT_SIZE),
    maxLeverage: readAmount(asRow(row['leverageFilter'])?.['maxLeverage']),
    maintenance: null,
    liquidationFee: null,
    notes: notesOf(mostAtMarket),
  };
}

/** All pages of the list. Throws VenueError where they do not end or hold nothing. */
export async function readInstruments(market: Market, io: VenueIo): Promise<ReadonlyMap<string, BybitListing>> {
  const { name, category } = market;
  const all = new Map<string, BybitListing>();
  const asked = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null;) {
    if (asked.has(cursor)) throw malformed(name, 'instruments-info gives the same page again');
    if (asked.size >= MAX_PAGES) throw malformed(name, `instruments-info does not end after ${MAX_PAGES} pages`);
    asked.add(cursor);
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: InstrumentsPage = parseInstruments(
      market,
      await io.request({ path: `/v5/market/instruments-info?category=${category}&limit=1000${more}`, cost: { ip: 1 } }),
    );
    for (const [symbol, listing] of page.listings) all.set(symbol, listing);
    cursor = page.cursor;
  }
  if (all.size === 0) throw empty(name, 'instruments-info lists no symbol');
  return all;
}
