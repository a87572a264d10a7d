import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import { asRow, isSymbol, listOf, readAmount, readNumber, type Row } from '../common/read.ts';
import { unitNotes } from '../common/rules.ts';
import { NAME, parseObject } from './body.ts';

export interface LighterMarket {
  readonly id: number;
  readonly isActive: boolean;
  readonly row: Row;
}

/** Body of GET /api/v1/orderBookDetails: perpetuals by symbol, with their prices. */
export function parseDetails(text: string): ReadonlyMap<string, LighterMarket> {
  const markets = new Map<string, LighterMarket>();
  for (const item of listOf(NAME, parseObject(text, 'markets')['order_book_details'], 'list of markets')) {
    const row = asRow(item);
    const [symbol, id] = [row?.['symbol'], readNumber(row?.['market_id'])];
    if (row === null || !isSymbol(symbol) || id === null || row['market_type'] !== 'perp') continue;
    markets.set(symbol, { id, isActive: row['status'] === 'active', row });
  }
  return markets;
}

/** Margins are in hundredths of a percent, the fee of a liquidation in percent. */
export function rulesOf(symbol: string, { row }: LighterMarket): OrderRules {
  const [initial, maintenance] = [readAmount(row['min_initial_margin_fraction']), readAmount(row['maintenance_margin_fraction'])];
  const fee = readAmount(row['liquidation_fee']);
  return {
    lotStep: stepOf(row['supported_size_decimals']),
    minQuantity: readAmount(row['min_base_amount']),
    maxQuantity: null,
    tickSize: stepOf(row['supported_price_decimals']),
    minNotional: readAmount(row['min_quote_amount']),
    maxNotional: null,
    contractSize: '1',
    maxLeverage: initial === null ? null : exact(10_000).div(initial).toDecimalPlaces(4, 1).toFixed(),
    maintenance: maintenance === null ? null : { kind: 'flat', rate: exact(maintenance).div(10_000).toFixed() },
    liquidationFee: fee === null ? null : exact(fee).div(100).toFixed(),
    notes: unitNotes(symbol),
  };
}

function stepOf(value: unknown): string | null {
  const decimals = readNumber(value);
  return decimals === null || !Number.isInteger(decimals) || decimals < 0 || decimals > 12 ? null : exact(10).pow(-decimals).toFixed();
}
