import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Instrument } from '#domain/instrument.ts';
import { perpetual, readCap, readDate } from '../common/poll.ts';
import { asRow, isSymbol, readAmount, readName, readNumber, readText, type Row } from '../common/read.ts';
import { grouped, unitNotes } from '../common/rules.ts';
import { ID, NAME, parseResults } from './body.ts';

export interface ParadexMarket {
  readonly instrument: Instrument;
  /** What its rate is quoted for. */
  readonly periodH: number;
  /** Largest rate of an hour; undefined: not stated. */
  readonly cap: number | undefined;
  /** Of 8 h; null: not stated. */
  readonly interestPer8h: number | null;
  readonly rules: OrderRules;
}

/** Body of GET /v1/markets: perpetuals by symbol. Beside them stand options, also perpetual ones, and dated contracts. */
export function parseMarkets(text: string): ReadonlyMap<string, ParadexMarket> {
  const markets = new Map<string, ParadexMarket>();
  for (const item of parseResults(text, 'list of markets')) {
    const row = asRow(item);
    const { symbol } = row ?? {};
    const base = readName(row?.['base_currency']);
    if (row === null || !isSymbol(symbol) || row['asset_kind'] !== 'PERP' || base === null) continue;
    const periodH = periodOf(row['funding_period_hours']);
    const quote = readName(row['quote_currency']) ?? 'USD';
    const settle = readName(row['settlement_currency']) ?? 'USDC';
    const instrument = perpetual({ venue: ID, symbol, base, quote, settle, kPrefix: true, listedAt: readDate(row['open_at']) });
    const [most, interest] = [readCap(row['max_funding_rate'], 1), readNumber(row['interest_rate'])];
    markets.set(symbol, {
      instrument,
      periodH,
      // It is told for the hour that accrues, as a venue's limits are for what is paid.
      cap: most === undefined ? undefined : exact(most).div(periodH).toNumber(),
      interestPer8h: interest === null ? null : exact(interest).times(8).div(periodH).toNumber(),
      rules: rulesOf(row, base),
    });
  }
  return markets;
}

/** "Default 8" where a market of older answers says 0 or nothing. */
export function periodOf(value: unknown): number {
  const hours = readNumber(value);
  return hours !== null && hours >= 1 && hours <= 24 ? hours : 8;
}

function rulesOf(row: Row, base: string): OrderRules {
  const margins = asRow(row['delta1_cross_margin_params']);
  const [initial, factor] = [readAmount(margins?.['imf_base']), readAmount(margins?.['mmf_factor'])];
  const step = readAmount(row['order_size_increment']);
  const most = readAmount(row['position_limit']);
  return {
    lotStep: step,
    minQuantity: step,
    maxQuantity: readAmount(row['max_order_size']),
    tickSize: readAmount(row['price_tick_size']),
    minNotional: readAmount(row['min_notional']),
    maxNotional: null,
    contractSize: '1',
    maxLeverage: initial === null ? null : exact(1).div(initial).toDecimalPlaces(4, 1).toFixed(),
    maintenance: initial === null || factor === null ? null : { kind: 'flat', rate: exact(initial).times(factor).toFixed() },
    liquidationFee: null,
    notes: [
      ...unitNotes(base, true),
      ...(most === null ? [] : [`The largest position that ${NAME} allows is ${grouped(most)} ${base}.`]),
      `${NAME} asks for more margin of large positions (${readText(margins?.['imf_factor']) ?? 'a factor'} times the square root of their size); here it is the least.`,
      ...(row['market_kind'] === 'isolated' ? [`${NAME} allows isolated margin only here.`] : []),
    ],
  };
}
