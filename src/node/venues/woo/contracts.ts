import type { OrderRules } from '#core/venue.ts';
import { readCap } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readAmount, readName, type Row } from '../common/read.ts';
import { unitNotes } from '../common/rules.ts';
import { NAME, parseAnswer } from './body.ts';

export interface WooCoins {
  readonly base: string;
  readonly quote: string;
}

export interface WooListing extends WooCoins {
  /** It trades: others are suspended or tests. */
  readonly live: boolean;
  readonly cap: number | undefined;
  readonly floor: number | undefined;
  readonly rules: OrderRules;
}

/** PERP_BTC_USDT is BTC, priced and settled in USDT; null for a name of another form. */
export function coinsOf(symbol: string): WooCoins | null {
  const { base, quote } = /^PERP_(?<base>.+)_(?<quote>[A-Z]+)$/u.exec(symbol)?.groups ?? {};
  return base === undefined || quote === undefined || readName(base) === null ? null : { base, quote };
}

/** Body of GET /v3/public/instruments: its perpetuals by symbol. */
export function parseInstruments(text: string): ReadonlyMap<string, WooListing> {
  const listings = new Map<string, WooListing>();
  for (const item of listOf(NAME, parseAnswer(text).data?.['rows'], 'list of instruments')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const coins = isSymbol(symbol) ? coinsOf(symbol) : null;
    if (row === null || !isSymbol(symbol) || coins === null) continue;
    listings.set(symbol, {
      ...coins,
      live: row['status'] === 'TRADING' || row['status'] === undefined,
      // A floor that is written above 0, as some are, is none.
      cap: readCap(row['fundingCap'], 1),
      floor: readCap(row['fundingFloor'], -1),
      rules: rulesOf(row, coins.base),
    });
  }
  return listings;
}

const rulesOf = (row: Row, base: string): OrderRules => ({
  lotStep: readAmount(row['baseTick']),
  minQuantity: readAmount(row['baseMin']),
  maxQuantity: readAmount(row['baseMax']),
  tickSize: readAmount(row['quoteTick']),
  minNotional: readAmount(row['minNotional']),
  maxNotional: null,
  contractSize: '1',
  maxLeverage: null,
  maintenance: null,
  liquidationFee: null,
  notes: [
    ...unitNotes(base),
    `${NAME} does not publish its maintenance margin by size: enter the rate of your position.`,
    'The order book leaves out orders for retail users (RPI), which an order by API does not meet.',
  ],
});
