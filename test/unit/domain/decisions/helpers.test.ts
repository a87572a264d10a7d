import { describe, expect, test } from 'vitest';
import { createVenues } from '#node/venues/index.ts';
import { fundingSince, lacksMark, withHourlyMarks } from '#domain/decisions/open-position.ts';
import { profitCurve } from '#domain/decisions/profit-curve.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';
import { dailyVolatility, swingStop, volatilityStop } from '#domain/decisions/stops.ts';

const HOUR = 3_600_000;

describe('stop helpers', () => {
  const closes = Float64Array.from({ length: 100 }, (_, i) => 100 + (i % 10));
  test('swing: the extreme of the last 24 closed hours', () => {
    const moved = closes.with(75, 50).with(80, 90).with(81, 130).with(82, NaN);
    expect(swingStop(moved, 'long')).toEqual({ value: 90, known: 23, of: 24 });
    expect(swingStop(moved, 'short').value).toBe(130);
    expect(swingStop(closes.slice(0, 11), 'long')).toEqual({ value: null, known: 11, of: 24 });
  });

  test('volatility: sample deviation of 72 hourly log returns, times the root of 24', () => {
    // Returns of +1 % and -1 % in turn: the mean is 0, the squares sum to 72 * 0.0001.
    const zigzag = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 100 : 100 * Math.exp(0.01)));
    const { value, known } = dailyVolatility(zigzag);
    expect(known).toBe(72);
    expect(value).toBeCloseTo(Math.sqrt(((72 * 0.0001) / 71) * 24), 12);
    expect(volatilityStop(100, 'long', value!, 2)).toBeCloseTo(100 * (1 - 2 * value!), 12);
    expect(volatilityStop(100, 'short', value!, 2)).toBeCloseTo(100 * (1 + 2 * value!), 12);
  });

  test('a gap has no return, and half the window must be there', () => {
    const gaps = closes.map((close, i) => (i % 2 === 0 ? close : NaN));
    expect(dailyVolatility(gaps)).toEqual({ value: null, known: 0, of: 72 });
    expect(dailyVolatility(closes.slice(0, 37)).known).toBe(36);
    expect(dailyVolatility(closes.slice(0, 36)).value).toBeNull();
  });
});

describe('profit over price', () => {
  const input: SizeInput = {
    contract: 'linear',
    side: 'long',
    margin: 'isolated',
    equity: 10_000,
    risk: 0.01,
    entry: 100,
    stop: 95,
    targets: [110],
    leverage: 10,
    feeIn: 0.0005,
    feeOut: 0.0005,
    slipBps: 2,
    lotStep: 0.001,
    maintenance: { kind: 'flat', rate: 0.005 },
  };

  test.each(['linear', 'inverse'] as const)('%s: every mark lies on the line, with the figures of the size', (contract) => {
    const at: SizeInput = { ...input, contract, lotStep: contract === 'linear' ? 0.001 : 1 };
    const curve = profitCurve(at);
    const { figures, targets } = sizePosition(at);
    expect(curve?.marks.map((mark) => mark.kind)).toEqual(['entry', 'stop', 'target', 'break-even', 'liquidation']);
    const profit = new Map(curve?.marks.map((mark) => [mark.kind, mark.profit]));
    expect(profit.get('stop')).toBeCloseTo(-Number(figures.lossAtStop.value), 9);
    expect(profit.get('target')).toBeCloseTo(Number(targets[0]!.net.value), 9);
    expect(profit.get('break-even')).toBeCloseTo(0, 9);
    for (const mark of curve?.marks ?? []) expect(curve?.profit[curve.price.indexOf(mark.price)]).toBe(mark.profit);
    expect(curve?.price.every((price, i) => i === 0 || price > curve.price[i - 1]!)).toBe(true);
  });

  test('beyond liquidation the loss is the margin and the costs of the entry', () => {
    const curve = profitCurve(input);
    // 194.68 margin, 0.9734 fee, 0.38936 slippage.
    expect(curve?.profit[0]).toBeCloseTo(-196.04276, 9);
    expect(curve?.price[0]).toBeLessThan(90.45);
  });

  test('no line without figures', () => {
    expect(profitCurve({ ...input, stop: 105 })).toBeNull();
  });
});

describe('funding of an open position', () => {
  const settled = {
    key: Float64Array.of(8, 16, 24, 32).map((hour) => hour * HOUR),
    rate: Float64Array.of(0.0001, 0.0002, -0.0001, 0.0005),
    mark: Float64Array.of(100, 110, NaN, 120),
  };
  test('what was charged after the opening and until now, each at its mark', () => {
    const long = { contract: 'linear', side: 'long', units: 2, entry: 100, openAt: 8 * HOUR } as const;
    const since = fundingSince(long, settled, 24 * HOUR, 'USDT');
    // 0.0002 * 220 - 0.0001 * 200
    expect(since).toMatchObject({ direction: 'you pay', settlements: 2, atEntry: 1 });
    expect(since.paid.value).toBe('0.024');
    expect(fundingSince({ ...long, side: 'short' }, settled, 24 * HOUR, 'USDT')).toMatchObject({ direction: 'you receive' });
    const inverse = fundingSince({ ...long, contract: 'inverse', units: 1100 }, settled, 16 * HOUR, 'BTC');
    expect(inverse.paid.value).toBe('0.002');
  });
  test('nothing yet', () => {
    const { paid } = fundingSince(
      { contract: 'linear', side: 'long', units: 2, entry: 100, openAt: 32 * HOUR },
      settled,
      33 * HOUR,
      'USDT',
    );
    expect(paid).toMatchObject({ value: null, reason: 'Nothing has been settled since the opening.' });
  });
});

test('default fees: of every venue the first tier is the dearest, and each number is one that a calculator takes', () => {
  const VENUE_FEES = Object.fromEntries(createVenues().flatMap(({ id, fees }) => (fees === null ? [] : [[id, fees] as const])));
  expect(VENUE_FEES['binance']?.perp[0]).toEqual({ name: 'Regular', maker: 0.0002, taker: 0.0005 });
  expect(VENUE_FEES['bybit']?.perp[0]).toEqual({ name: 'VIP 0', maker: 0.0002, taker: 0.00055 });
  expect(VENUE_FEES['hyperliquid']?.perp[0]).toEqual({ name: 'Tier 0', maker: 0.00015, taker: 0.00045 });
  expect(VENUE_FEES['okx']?.perp[0]).toEqual({ name: 'Regular', maker: 0.0002, taker: 0.0005 });
  expect(VENUE_FEES['gate']?.perp[0]).toEqual({ name: 'VIP 0', maker: 0.0002, taker: 0.0005 });
  for (const { perp, spot } of Object.values(VENUE_FEES)) {
    for (const tiers of [perp, spot]) {
      for (const [i, { maker, taker }] of tiers.entries()) {
        expect(maker).toBeLessThanOrEqual(taker);
        expect(taker).toBeLessThanOrEqual(tiers[Math.max(0, i - 1)]!.taker);
        expect(taker).toBeLessThan(0.02);
      }
    }
  }
});

test('a settled row without a mark takes the hour\u2019s as observed, else the candle\u2019s, else none', () => {
  const of = (...values: number[]): Float64Array => Float64Array.from(values);
  const key = of(1, 2, 3, 4);
  const rows = {
    key,
    stamp: key,
    rate: of(0, 0, 0, 0),
    intervalH: of(1, 1, 1, 1),
    mark: of(9, NaN, NaN, NaN),
    premium: of(NaN, NaN, NaN, NaN),
    learntAt: key,
  };
  const marked = withHourlyMarks(rows, { close: of(1, 2), mark: of(10, 20) }, { close: of(2, 3, 4), mark: of(21, 31, NaN) });
  expect([...marked.mark]).toEqual([9, 20, 31, NaN]);
  expect(lacksMark(marked)).toBe(true);
  expect(lacksMark({ mark: of(1) })).toBe(false);
});
