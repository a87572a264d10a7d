import type { OrderRules } from '#core/venue.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { readDate } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readAmount, readName, readText, type Row } from '../common/read.ts';
import { marketOrderNotes, unitNotes } from '../common/rules.ts';
import { NAME, parseBody } from './body.ts';

export interface AsterListing extends Pick<Instrument, 'quote' | 'settle' | 'assetClass' | 'listedAt' | 'delistedAt'> {
  readonly base: string;
  readonly pair: string;
  /** A perpetual that trades: nothing else has a running rate. */
  readonly live: boolean;
  readonly rules: OrderRules;
}

/** `underlyingType`; classes other than coins are named as on the venue that it took its interface from. */
const CLASSES: Readonly<Record<string, AssetClass>> = {
  COIN: 'crypto',
  INDEX: 'index',
  EQUITY: 'equity',
  STOCK: 'equity',
  COMMODITY: 'commodity',
  PREMARKET: 'pre-market',
};

/** Body of GET /fapi/v3/exchangeInfo: the coins of every symbol, whether it is a perpetual that trades, its rules. */
export function parseExchangeInfo(text: string): ReadonlyMap<string, AsterListing> {
  const listings = new Map<string, AsterListing>();
  for (const item of listOf(NAME, asRow(parseBody(text))?.['symbols'], 'symbols of exchangeInfo')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const [base, quote] = [readName(row?.['baseAsset']), readName(row?.['quoteAsset'])];
    if (row === null || !isSymbol(symbol) || base === null || quote === null) continue;
    const isPerpetual = (readText(row['contractType']) ?? 'PERPETUAL').endsWith('PERPETUAL');
    listings.set(symbol, {
      base,
      quote,
      settle: readName(row['marginAsset']) ?? quote,
      pair: readName(row['pair']) ?? symbol,
      live: isPerpetual && (readText(row['status']) ?? 'TRADING') === 'TRADING',
      assetClass: CLASSES[readText(row['underlyingType']) ?? ''] ?? null,
      listedAt: readDate(row['onboardDate']),
      // Perpetuals that are to stay are delivered in the year 2100.
      delistedAt: readDate(row['deliveryDate']),
      rules: readRules(row, base),
    });
  }
  return listings;
}

function readRules(row: Row, base: string): OrderRules {
  const filters = Array.isArray(row['filters']) ? row['filters'].map(asRow) : [];
  const of = (type: string, field: string): string | null => readAmount(filters.find((one) => one?.['filterType'] === type)?.[field]);
  const mostAtMarket = of('MARKET_LOT_SIZE', 'maxQty');
  return {
    lotStep: of('LOT_SIZE', 'stepSize'),
    minQuantity: of('LOT_SIZE', 'minQty'),
    maxQuantity: mostAtMarket ?? of('LOT_SIZE', 'maxQty'),
    tickSize: of('PRICE_FILTER', 'tickSize'),
    minNotional: of('MIN_NOTIONAL', 'notional'),
    maxNotional: null,
    contractSize: '1',
    maxLeverage: null,
    // maintMarginPercent and requiredMarginPercent are documented with "ignore".
    maintenance: null,
    liquidationFee: readAmount(row['liquidationFee']),
    notes: [
      ...unitNotes(base),
      `${NAME} shows its maintenance brackets and the most leverage only with an API key: enter the rate of your bracket.`,
      ...marketOrderNotes(mostAtMarket, base),
    ],
  };
}
