import { describe, expect, it } from 'vitest';
import { carry } from '#domain/decisions/carry.ts';
import { estimateLiquidation } from '#domain/decisions/liquidation.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { newInstrument } from '#domain/instrument.ts';
import { openInterestWords } from '#renderer/format/interest-words.ts';
import { type Basis, liveOf } from '#renderer/features/calculators/basis.ts';
import { carryInput } from '#renderer/features/calculators/carry.ts';
import type { Typed } from '#renderer/features/calculators/fields.ts';
import { liquidationInput } from '#renderer/features/calculators/liquidation.ts';
import { partnersOf, SPOT } from '#renderer/features/calculators/partners.ts';
import { isHidden, sizeInput } from '#renderer/features/calculators/size.ts';
import { basis, facts, pair } from '../calculator.ts';
import { rowOf } from '../row.ts';

/** Contracts of 100 USD, settled in the coin. */
const inverse = newInstrument({
  venue: 'binance',
  symbol: 'BTCUSD_PERP',
  asset: 'BTC',
  quote: 'USD',
  settle: 'BTC',
  contract: 'inverse',
  contractSize: 100,
});
const row = rowOf({ instrument: inverse, mark: 50_000, openInterest: 120 });
const rules = facts.rules && { ...facts.rules, contractSize: null, lotStep: '1', minQuantity: '1', minNotional: null, tickSize: '0.1' };
const coinBasis: Basis = {
  ...basis,
  row,
  facts: { ...facts, instrument: inverse, mark: 50_000, rules },
  constants: { ...basis.constants, equity: '10000', risk: '1' },
};
const plain: Typed = { entry: '50000', stop: '49000', feeIn: '0', feeOut: '0', slipBps: '0', 'funding.rate': '0', leverage: '10' };
const size = (typed: Typed) => sizePosition(sizeInput(coinBasis, typed, liveOf(coinBasis, typed)));

describe('the equity of an inverse contract', () => {
  it('is the person’s in quote money, divided by the entry', () => {
    // 10,000 USD at 50,000 are 0.2 BTC; 1 % of it over 100 (1/49,000 - 1/50,000) is 49 contracts.
    expect(sizeInput(coinBasis, plain, liveOf(coinBasis, plain))).toMatchObject({
      contract: 'inverse',
      equity: '10000',
      equityIn: 'quote',
    });
    expect(size(plain).figures.contracts.value).toBe('49');
  });
  it('can be told in the coin: then it starts as what it is worth at the mark', () => {
    const inCoin = { ...plain, equityIn: 'settle' };
    expect(liveOf(coinBasis, inCoin)['equity']).toMatchObject({ text: '0.2', from: 'saved equity, at the mark' });
    expect(size(inCoin).figures.contracts.value).toBe('49');
    expect(size({ ...inCoin, equity: '1' }).figures.contracts.value).toBe('245');
  });
  it('has a field where the contract settles in its coin, and none where it settles in money', () => {
    const text = (): string => '';
    expect(isHidden('equityIn', text, 'inverse')).toBe(false);
    expect(isHidden('equityIn', text, 'linear')).toBe(true);
    expect(sizeInput(basis, {}, liveOf(basis, {}))).not.toHaveProperty('equityIn');
  });
  it('of cross margin is worth at the mark in the estimate too', () => {
    const typed: Typed = { ...plain, margin: 'cross', contracts: '600', equity: '6000', mark: '50000', maintenance: '0.5' };
    const input = liquidationInput(coinBasis, typed, liveOf(coinBasis, typed));
    expect(input).toMatchObject({ equityIn: 'quote', equity: '6000' });
    const inCoin = estimateLiquidation({ ...input, equity: '0.12', equityIn: 'settle' });
    const inMoney = estimateLiquidation(input);
    // 60,000 USD of contracts and 0.12 BTC: Q V (m + s)/(WB + s Q V/entry) = 60,300/(0.12 + 1.2).
    expect(Number(inMoney.figures.liquidation.value)).toBeCloseTo(60_300 / 1.32, 6);
    expect(inMoney.figures.liquidation.value).toBe(inCoin.figures.liquidation.value);
  });
});

it('what a contract is stands in its field where the rules do not say it', () => {
  expect(liveOf(coinBasis, {})['contractSize']?.text).toBe('100');
});

describe('a carry', () => {
  const other = {
    ...rowOf({ instrument: newInstrument({ venue: 'bybit', symbol: 'BTCUSDT', asset: 'BTC', quote: 'USDT', settle: 'USDT' }) }),
  };
  const eth = rowOf({ instrument: newInstrument({ venue: 'okx', symbol: 'BTC-ETH', asset: 'BTC', quote: 'ETH', settle: 'ETH' }) });
  it('takes inverse contracts as partners, and has partners of its own; prices in other money do not compare', () => {
    const ids = (of: typeof row): string[] => partnersOf(of, [row, other, eth], [], (venue) => venue).map(({ id }) => id);
    expect(ids(other)).toEqual([SPOT, 'binance:BTCUSD_PERP']);
    expect(ids(row)).toEqual([SPOT, 'bybit:BTCUSDT']);
    expect(ids(eth)).toEqual([SPOT]);
  });
  it('hands on what the leg is', () => {
    const coinFacts = { ...facts, instrument: inverse, rules };
    const { legs, of } = pair({ facts: coinFacts });
    const { long } = carryInput(legs, {}, of);
    expect(long).toMatchObject({ contract: 'inverse', contractSize: '100' });
    expect(carry(carryInput(legs, {}, of)).problems.map(({ field }) => field)).not.toContain('long.contractSize');
  });
});

it('open interest says what it is counted in and worth, or why it is not shown', () => {
  expect(openInterestWords(row, 0)).toBe('Open interest 120 BTC, worth 6M USD at the mark');
  expect(openInterestWords({ ...row, openInterestAt: 1_000_000 }, 1_000_000 + 12 * 60_000)).toBe(
    'Open interest 120 BTC, 12 min old, worth 6M USD at the mark',
  );
  expect(openInterestWords(rowOf({ openInterest: 100, mark: 2 }), 0)).toBe(
    'Open interest 100 TAO, worth 200 USDT at the mark (one USDT counts as one USD)',
  );
  expect(openInterestWords({ ...row, openInterest: null, unconverted: { openInterest: 'no-contract-size' } }, 0)).toBe(
    'The venue counts it in contracts and does not say what one contract is.',
  );
  expect(openInterestWords({ ...row, openInterest: null }, 0)).toContain('Not part of');
  expect(openInterestWords({ ...row, openInterest: null, learnt: { later: 0, of: 3 } }, 0)).toBe('None is stored of then');
});
