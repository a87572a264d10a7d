import type { OrderRules } from '#core/venue.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { readDate } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, readAmount, readName, readNumber, readText, type Row } from '../common/read.ts';
import { marketOrderNotes, unitNotes } from '../common/rules.ts';
import { parseBody } from './body.ts';
import type { Market } from './market.ts';

/** Of small positions in liquid contracts. The brackets need an API key. */
const ASSUMED_MAINTENANCE = '0.005';

/** `underlyingType` of exchangeInfo, as the venue's bodies have it. */
const CLASSES: Readonly<Record<string, AssetClass>> = {
  COIN: 'crypto',
  INDEX: 'index',
  EQUITY: 'equity',
  KR_EQUITY: 'equity',
  HK_EQUITY: 'equity',
  COMMODITY: 'commodity',
  PREMARKET: 'pre-market',
};

export interface BinanceListing extends Pick<Instrument, 'quote' | 'settle' | 'contractSize' | 'assetClass' | 'listedAt' | 'delistedAt'> {
  readonly base: string;
  /** What its index is listed under. */
  readonly pair: string;
  /** A perpetual that trades: nothing else has a running rate. */
  readonly live: boolean;
  /** Null where only the name is known. */
  readonly rules: OrderRules | null;
}

/** What the name of a perpetual tells; the size of a coin-margined contract it does not. */
export function listingOfName({ contract, coinsOf }: Market, symbol: string): BinanceListing | null {
  const coins = coinsOf(symbol);
  const unsaid = { assetClass: null, listedAt: null, delistedAt: null, rules: null };
  return coins === null ? null : { ...coins, ...unsaid, contractSize: contract === 'linear' ? 1 : null, live: true };
}

/** Body of GET exchangeInfo: the coins of every symbol, whether it is a perpetual that trades, its rules. */
export function parseExchangeInfo(market: Market, text: string, now: number): ReadonlyMap<string, BinanceListing> {
  const { name, contract } = market;
  const listings = new Map<string, BinanceListing>();
  for (const item of listOf(name, asRow(parseBody(name, text, now))?.['symbols'], 'symbols of exchangeInfo')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const base = readName(row?.['baseAsset']);
    const quote = readName(row?.['quoteAsset']);
    if (row === null || !isSymbol(symbol) || base === null || quote === null) continue;
    // PERPETUAL, and TRADIFI_PERPETUAL for stocks and metals; an older body without the fields is taken at its word.
    const isPerpetual = (readText(row['contractType']) ?? 'PERPETUAL').endsWith('PERPETUAL');
    // Coin-margined ones say it as contractStatus.
    const trading = (readText(row['status']) ?? readText(row['contractStatus']) ?? 'TRADING') === 'TRADING';
    const size = contract === 'linear' ? '1' : readAmount(row['contractSize']);
    listings.set(symbol, {
      base,
      quote,
      settle: readName(row['marginAsset']) ?? (contract === 'linear' ? quote : base),
      pair: readName(row['pair']) ?? symbol,
      contractSize: readNumber(size),
      live: isPerpetual && trading,
      assetClass: CLASSES[readText(row['underlyingType']) ?? ''] ?? null,
      listedAt: readDate(row['onboardDate']),
      // Perpetuals that are to stay are delivered in the year 2100.
      delistedAt: readDate(row['deliveryDate']),
      rules: readRules(row, size, contract === 'linear' ? base : null, quote),
    });
  }
  if (listings.size === 0) throw empty(name, 'exchangeInfo lists no symbol');
  return listings;
}

/** `base`: the coin that quantities are counted in; null: they are in contracts of `size` in `quote`. */
function readRules(row: Row, size: string | null, base: string | null, quote: string): OrderRules {
  const filters = Array.isArray(row['filters']) ? row['filters'].map(asRow) : [];
  const of = (type: string, field: string): string | null => readAmount(filters.find((one) => one?.['filterType'] === type)?.[field]);
  const [lotStep, minQuantity] = [of('LOT_SIZE', 'stepSize'), of('LOT_SIZE', 'minQty')];
  const market = { step: of('MARKET_LOT_SIZE', 'stepSize'), least: of('MARKET_LOT_SIZE', 'minQty'), most: of('MARKET_LOT_SIZE', 'maxQty') };
  const marketSteps =
    (market.step ?? lotStep) === lotStep && (market.least ?? minQuantity) === minQuantity
      ? []
      : [`Market orders go in steps of ${market.step ?? 'unknown size'}, at least ${market.least ?? 'unknown'}.`];
  const contractNote = size === null ? 'Binance does not say what one contract is.' : `Binance counts in contracts of ${size} ${quote}.`;
  return {
    lotStep,
    minQuantity,
    maxQuantity: market.most ?? of('LOT_SIZE', 'maxQty'),
    tickSize: of('PRICE_FILTER', 'tickSize'),
    minNotional: of('MIN_NOTIONAL', 'notional'),
    maxNotional: null,
    contractSize: size,
    maxLeverage: null,
    // maintMarginPercent and requiredMarginPercent are 2.5 and 5 for every symbol, and documented with "ignore".
    maintenance: { kind: 'flat', rate: ASSUMED_MAINTENANCE },
    liquidationFee: readAmount(row['liquidationFee']),
    notes: [
      ...(base === null ? [contractNote] : unitNotes(base)),
      'Binance shows its maintenance brackets and the most leverage only with an API key: 0.5 % maintenance is an assumption, right for small positions in liquid contracts; large positions and small coins need more. Enter the rate of your bracket.',
      ...marketSteps,
      ...marketOrderNotes(market.most, base ?? 'contracts'),
    ],
  };
}
