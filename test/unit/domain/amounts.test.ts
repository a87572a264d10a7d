import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AMOUNT_REFUSALS,
  type ContractTerms,
  type Counted,
  inBase,
  inQuote,
  levelInBase,
  levelInQuote,
  refusalSentence,
  usdPar,
} from '#domain/amounts.ts';
import { Exact } from '#domain/decisions/exact.ts';

const linear = (contractSize: number | null): ContractTerms => ({ contract: 'linear', contractSize });
const inverse = (contractSize: number | null): ContractTerms => ({ contract: 'inverse', contractSize });

describe('an amount as its venue counts it', () => {
  test.each<[string, number, Counted, ContractTerms, number, number, number]>([
    // Binance COIN-M: 26,542,436 contracts of 10 USD at 1,600 USD.
    ['contracts of 10 USD', 26_542_436, 'contracts', inverse(10), 1600, 165_890.225, 265_424_360],
    // OKX BTC-USDT-SWAP: a contract is 0.01 BTC.
    ['contracts of 0.01 BTC', 1_000_000, 'contracts', linear(0.01), 60_000, 10_000, 600_000_000],
    // Bybit inverse and Deribit state USD.
    ['USD', 600_000, 'quote', inverse(1), 60_000, 10, 600_000],
    ['coins', 12.5, 'base', linear(1), 100, 12.5, 1250],
    ['coins of an inverse contract', 12.5, 'base', inverse(100), 100, 12.5, 1250],
  ])('%s', (_, amount, counted, terms, price, base, quote) => {
    expect(inBase(amount, counted, terms, price)).toEqual({ value: base, refusal: null });
    expect(inQuote(amount, counted, terms, price)).toEqual({ value: quote, refusal: null });
  });

  test('what cannot be converted says why, and what needs no conversion is told without a price', () => {
    const none = (refusal: string) => ({ value: null, refusal });
    expect(inBase(5, 'contracts', inverse(null), 100)).toEqual(none('no-contract-size'));
    expect(inBase(5, 'contracts', inverse(10), null)).toEqual(none('no-price'));
    expect(inBase(5, 'quote', linear(1), 0)).toEqual(none('no-price'));
    expect(inQuote(5, 'base', linear(1), null)).toEqual(none('no-price'));
    expect(inQuote(5, 'contracts', inverse(10), null)).toEqual({ value: 50, refusal: null });
    expect(inBase(5, 'contracts', linear(10), null)).toEqual({ value: 50, refusal: null });
    for (const refusal of AMOUNT_REFUSALS) expect(refusalSentence(refusal)).toMatch(/^The venue counts it in .*\.$/u);
  });

  test('base coins at the mark are the quote money, whatever it was counted in', () => {
    const size = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const counted = fc.constantFrom<Counted>('base', 'quote', 'contracts');
    const terms = fc.record({ contract: fc.constantFrom('linear', 'inverse'), contractSize: size }) as fc.Arbitrary<ContractTerms>;
    fc.assert(
      fc.property(size, counted, terms, size, (amount, unit, of, price) => {
        const [base, quote] = [inBase(amount, unit, of, price).value ?? NaN, inQuote(amount, unit, of, price).value ?? NaN];
        expect((base * price) / quote).toBeCloseTo(1, 12);
        // Counted in its own unit it is itself.
        expect(inBase(base, 'base', of, price).value).toBe(base);
        expect(inQuote(quote, 'quote', of, price).value).toBe(quote);
      }),
    );
  });
});

describe('a level of an order book', () => {
  test('inverse levels hold coins at their own price, contract-sized ones so many units', () => {
    expect(levelInBase('50000', '300', 'contracts', inverse(100))).toBe('0.6');
    expect(levelInBase('50000', '30000', 'quote', linear(1))).toBe('0.6');
    expect(levelInBase('60000', '7', 'contracts', linear(0.01))).toBe('0.07');
    expect(levelInBase('60000', '0.070', 'base', linear(1))).toBe('0.070');
    expect(levelInBase('60000', '7', 'contracts', inverse(null))).toBeNull();
  });

  test('the harmonic mean of a fill: 100 contracts of 100 USD at 40,000 and 100 at 60,000 cost 20,000 USD for 0.41666... coins', () => {
    const levels = ['40000', '60000'].map((price) => levelInBase(price, '100', 'contracts', inverse(100)) ?? '');
    const coins = levels.reduce((sum, quantity) => sum.plus(quantity), new Exact(0));
    expect(new Exact(20_000).div(coins).toFixed(8)).toBe('48000.00000000');
  });

  test('turned back it is the size that the venue stated, to the last digit', () => {
    const decimal = (max: number, digits: number) =>
      fc.integer({ min: 1, max }).map((n) => new Exact(n).div(new Exact(10).pow(digits)).toFixed());
    fc.assert(
      fc.property(decimal(2 ** 40, 5), fc.integer({ min: 1, max: 1e9 }), fc.constantFrom(1, 10, 100), (price, contracts, size) => {
        const level = levelInBase(price, String(contracts), 'contracts', inverse(size)) ?? '';
        expect(levelInQuote(price, level)).toBe(String(contracts * size));
      }),
    );
  });
});

test('USD is itself, a stablecoin counts as one, another coin is told by an index alone', () => {
  expect(['USD', 'USDT', 'USDC', 'FDUSD', 'BTC', 'EUR', ''].map(usdPar)).toEqual([
    'usd',
    'stablecoin',
    'stablecoin',
    'stablecoin',
    null,
    null,
    null,
  ]);
});
