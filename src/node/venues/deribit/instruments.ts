import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Instrument } from '#domain/instrument.ts';
import { perpetual, readDate } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readAmount, readName, readNumber } from '../common/read.ts';
import { ID, NAME, parseResult } from './body.ts';

export interface DeribitListing {
  readonly instrument: Instrument;
  readonly isActive: boolean;
  readonly rules: OrderRules;
}

/** Body of get_instruments?kind=future: perpetuals by name. Beside them stand dated futures. */
export function parseInstruments(text: string): ReadonlyMap<string, DeribitListing> {
  const listings = new Map<string, DeribitListing>();
  for (const item of listOf(NAME, parseResult(text).result, 'list of instruments')) {
    const row = asRow(item);
    const symbol = row?.['instrument_name'];
    const [base, quote] = [readName(row?.['base_currency']), readName(row?.['quote_currency'])];
    const settle = readName(row?.['settlement_currency']);
    if (row === null || !isSymbol(symbol) || row['settlement_period'] !== 'perpetual') continue;
    if (base === null || quote === null || settle === null) continue;
    const contract = row['instrument_type'] === 'reversed' ? 'inverse' : 'linear';
    const [size, least] = [readAmount(row['contract_size']), readAmount(row['min_trade_amount'])];
    const maxLeverage = readAmount(row['max_leverage']);
    const stated = { venue: ID, symbol, base, quote, settle, contract, contractSize: size === null ? null : readNumber(size) } as const;
    listings.set(symbol, {
      instrument: perpetual({ ...stated, assetClass: 'crypto', listedAt: readDate(row['creation_timestamp']) }),
      isActive: row['is_active'] !== false,
      rules: {
        // Amounts are told in money or coins, in steps of a contract.
        lotStep: size === null ? null : '1',
        minQuantity: size === null || least === null ? null : exact(least).div(size).toFixed(),
        maxQuantity: null,
        tickSize: readAmount(row['tick_size']),
        minNotional: null,
        maxNotional: null,
        contractSize: size,
        maxLeverage,
        maintenance: null,
        liquidationFee: readAmount(row['max_liquidation_commission']),
        notes: [
          `${NAME} states its maintenance margin only with a key, so there is none here; the most leverage is that of small positions.`,
        ],
      },
    });
  }
  return listings;
}

/** What a name tells where the list is not there yet: BTC-PERPETUAL is inverse, SOL_USDC-PERPETUAL linear. Null for any other name. */
export function namedInstrument(symbol: string): Instrument | null {
  const [, base = '', quote] = /^([A-Z\d]+)(?:_(USDC|USDT))?-PERPETUAL$/u.exec(symbol) ?? [];
  if (base === '') return null;
  if (quote === undefined)
    return perpetual({ venue: ID, symbol, base, quote: 'USD', settle: base, contract: 'inverse', contractSize: null });
  return perpetual({ venue: ID, symbol, base, quote, settle: quote, contractSize: null });
}
