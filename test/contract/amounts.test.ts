import { describe, expect, test } from 'vitest';
import { inBase, inQuote } from '#domain/amounts.ts';
import { asRow, readNumber, type Row } from '#node/venues/common/read.ts';
import { hasRecordings, sample } from '#test/support/bodies.ts';

/** The first row of a recorded answer that holds this field. */
function rowWith(field: string, value: unknown): Row {
  const row = asRow(value);
  if (row?.[field] !== undefined) return row;
  const within = typeof value === 'object' && value !== null ? Object.values(value) : [];
  for (const one of within) {
    if (typeof one !== 'object' || one === null) continue;
    try {
      return rowWith(field, one);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new RangeError(`no ${field}`);
}
const recorded = (venue: string, field: string): Row => rowWith(field, JSON.parse(sample(venue, 'fetchOpenInterest')));
const number = (row: Row, field: string): number => readNumber(row[field]) ?? NaN;

/** Venues that state one amount in two units say themselves what the conversion must give. */
describe.runIf(hasRecordings)('open interest as venues count it', () => {
  test('OKX: contracts of 0.01 BTC (ctVal of BTC-USDT-SWAP) are its own oiCcy', () => {
    const row = recorded('okx', 'oiCcy');
    expect(inBase(number(row, 'oi'), 'contracts', { contract: 'linear', contractSize: 0.01 }, null).value).toBeCloseTo(
      number(row, 'oiCcy'),
      9,
    );
  });
  test('HTX: contracts of 0.001 BTC (contract_size of BTC-USDT) are its amount, and its value at the price that it took', () => {
    const row = recorded('htx', 'amount');
    const terms = { contract: 'linear', contractSize: 0.001 } as const;
    expect(inBase(number(row, 'volume'), 'contracts', terms, null).value).toBeCloseTo(number(row, 'amount'), 9);
    const price = number(row, 'value') / number(row, 'amount');
    expect(inQuote(number(row, 'volume'), 'contracts', terms, price).value).toBeCloseTo(number(row, 'value'), 4);
  });
  test('Deribit: open_interest of a perpetual is in USD', () => {
    const row = recorded('deribit', 'open_interest');
    const terms = { contract: 'inverse', contractSize: 10 } as const;
    expect(inBase(number(row, 'open_interest'), 'quote', terms, number(row, 'mark_price')).value).toBeCloseTo(9_978_911_260 / 87_102.01, 6);
    expect(inQuote(number(row, 'open_interest'), 'quote', terms, null).value).toBe(9_978_911_260);
  });
  test('Binance COIN-M: contracts, of 10 USD for ETH (contractSize of exchangeInfo)', () => {
    const row = recorded('binancecoinm', 'openInterest');
    const terms = { contract: 'inverse', contractSize: 10 } as const;
    expect(inQuote(number(row, 'openInterest'), 'contracts', terms, null).value).toBe(265_424_360);
    expect(inBase(number(row, 'openInterest'), 'contracts', terms, 1600).value).toBe(165_890.225);
    expect(inBase(number(row, 'openInterest'), 'contracts', terms, null).refusal).toBe('no-price');
  });
  test('Bybit inverse: openInterest is in USD', () => {
    const row = recorded('bybit', 'openInterest');
    expect(inBase(number(row, 'openInterest'), 'quote', { contract: 'inverse', contractSize: 1 }, 16_500).value).toBe(461_134_384 / 16_500);
  });
});
