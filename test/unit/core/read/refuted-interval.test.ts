import { afterEach, expect, test } from 'vitest';
import type { Wire, WireAnswer, Wires } from '#node/demo/wire.ts';
import { createWires } from '#node/demo/market.ts';
import { HOUR, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
/** A midnight. */
const MIDNIGHT = Date.UTC(2026, 9, 12);
const ID = 'binance:HOTUSDT';

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

interface Hot {
  /** Hours between settlements up to a time. */
  readonly intervalH: (t: number) => number;
  /** Of every interval. */
  readonly rate: (t: number) => number;
  /** Body of fundingInfo; null: it answers 500. */
  readonly fundingInfo: (now: number) => unknown;
}

const json = (value: unknown, status = 200): WireAnswer => ({ status, type: 'application/json', body: JSON.stringify(value) });

/** Binance as its documentation has it, with one perpetual: the fields of the recorded bodies of premiumIndex, exchangeInfo and fundingRate. */
function binanceWith({ intervalH, rate, fundingInfo }: Hot): Wire {
  const settles = (t: number): boolean => t % (intervalH(t) * HOUR) === 0;
  const nextAfter = (now: number): number => {
    let t = Math.floor(now / HOUR) * HOUR + HOUR;
    while (!settles(t)) t += HOUR;
    return t;
  };
  return ({ path, query }, now) => {
    const [from, to] = [Number(query.get('startTime')), Number(query.get('endTime') ?? now)];
    if (path === '/fapi/v1/premiumIndex') {
      const next = nextAfter(now);
      const prices = { markPrice: '2.0000', indexPrice: '2.0000', estimatedSettlePrice: '2.0000' };
      return json([
        {
          symbol: 'HOTUSDT',
          ...prices,
          lastFundingRate: rate(next).toFixed(8),
          interestRate: '0.00010000',
          nextFundingTime: next,
          time: now,
        },
      ]);
    }
    if (path === '/fapi/v1/exchangeInfo') {
      const coins = { pair: 'HOTUSDT', baseAsset: 'HOT', quoteAsset: 'USDT', marginAsset: 'USDT' };
      return json({ symbols: [{ symbol: 'HOTUSDT', ...coins, contractType: 'PERPETUAL', status: 'TRADING', filters: [] }] });
    }
    if (path === '/fapi/v1/fundingInfo') {
      const list = fundingInfo(now);
      return list === null ? json({}, 500) : json(list);
    }
    if (path === '/fapi/v1/fundingRate') {
      const rows = [];
      const first = Math.max(from, MIDNIGHT - 20 * DAY);
      for (let t = Math.ceil(first / HOUR) * HOUR; t <= Math.min(to, now - 5000) && rows.length < 1000; t += HOUR)
        if (settles(t)) rows.push({ symbol: 'HOTUSDT', fundingTime: t + 3, fundingRate: rate(t).toFixed(8), markPrice: '2.0000' });
      return json(rows);
    }
    return json([]);
  };
}

const other = { symbol: 'ETHUSDT', adjustedFundingRateCap: '0.02', adjustedFundingRateFloor: '-0.02', fundingIntervalHours: 4 };

async function open(hot: Hot, start: number): Promise<void> {
  const wires: Wires = { ...createWires(1).wires, binance: binanceWith(hot) };
  world = new World({
    // Hours pass: a tick in ten seconds sees what happens in them.
    speed: 10,
    // Polls do not fall on the hour to the millisecond.
    start: start + 7_000,
    venues: ['binance'],
    wires,
    settings: (all) => ({ ...all, lists: all.lists.map((list) => ({ ...list, assets: ['HOT'] })) }),
  });
  await world.start();
  await world.clock.advance(2 * MINUTE);
}
const noSignals = async () => expect(await world.person.signals(ID, 0, Number.MAX_SAFE_INTEGER, null)).toEqual([]);

test('a symbol that the list does not hold has settled hourly for 20 days: 1 h, at once, in what is stored and in the signal', async () => {
  await open({ intervalH: () => 1, rate: () => 0.0008, fundingInfo: () => [other] }, MIDNIGHT + 12 * HOUR + 39 * MINUTE);
  const row = await world.row(ID);
  expect(row.nextFundingAt).toBe(MIDNIGHT + 13 * HOUR);
  expect([row.intervalH, row.statedH, row.f]).toEqual([1, 8, 0.0008]);
  expect(Math.abs(row.d ?? NaN)).toBeLessThan(1e-12);

  await world.clock.until(MIDNIGHT + 15 * HOUR + 10 * MINUTE);
  const hours = await world.store.hours(ID, 0, Number.MAX_SAFE_INTEGER);
  expect([...hours.intervalH]).toEqual([1, 1, 1]);
  const settled = await world.store.settled(ID, MIDNIGHT, Number.MAX_SAFE_INTEGER);
  expect([...settled.intervalH]).toEqual(Array.from({ length: 15 }, () => 1));
  const after = await world.row(ID);
  expect([after.intervalH, after.f, after.signal.phase]).toEqual([1, 0.0008, 'quiet']);
  expect(Math.abs(after.d ?? NaN)).toBeLessThan(1e-12);
  await noSignals();
  const why = await world.call('metrics.explain', { instrument: ID, choice: { metric: 'funding', params: {} }, list: null, at: null });
  expect(why.notes).toContain('binance says 8 h (a default, or an old list); its last settlements are 1 h apart');
  expect(await world.kinds()).toContain('interval binance');
});

test('a list that says 8 and then answers 500 while the symbol goes hourly at midnight', async () => {
  const hot: Hot = {
    intervalH: (t) => (t <= MIDNIGHT ? 8 : 1),
    rate: (t) => (t <= MIDNIGHT ? 0.0064 : 0.0008),
    fundingInfo: (now) => (now < MIDNIGHT ? [other, { ...other, symbol: 'HOTUSDT', fundingIntervalHours: 8 }] : null),
  };
  await open(hot, MIDNIGHT - 3 * HOUR);
  expect((await world.row(ID)).f).toBeCloseTo(0.0008, 12);
  for (const hour of [0, 1, 2, 3]) {
    await world.clock.until(MIDNIGHT + hour * HOUR + 41 * MINUTE);
    const row = await world.row(ID);
    expect([hour, row.intervalH, row.statedH, row.f]).toEqual([hour, 1, 8, 0.0008]);
    expect(Math.abs(row.d ?? NaN)).toBeLessThan(1e-12);
  }
  const settled = await world.store.settled(ID, MIDNIGHT - 9 * HOUR, Number.MAX_SAFE_INTEGER);
  expect([...settled.intervalH]).toEqual([8, 8, 1, 1, 1]);
  await noSignals();
});

test('a list that goes on saying 8 with a good conscience is refuted by the third settlement, the announced one included', async () => {
  const hot: Hot = {
    intervalH: (t) => (t <= MIDNIGHT ? 8 : 1),
    rate: (t) => (t <= MIDNIGHT ? 0.0064 : 0.0008),
    fundingInfo: () => [other, { ...other, symbol: 'HOTUSDT', fundingIntervalHours: 8 }],
  };
  await open(hot, MIDNIGHT - 3 * HOUR);
  await world.clock.until(MIDNIGHT + HOUR + 41 * MINUTE);
  const row = await world.row(ID);
  expect([row.intervalH, row.statedH, row.f]).toEqual([1, 8, 0.0008]);
  await world.clock.until(MIDNIGHT + 4 * HOUR + 41 * MINUTE);
  const settled = await world.store.settled(ID, MIDNIGHT + HOUR, Number.MAX_SAFE_INTEGER);
  expect([...settled.intervalH]).toEqual([1, 1, 1]);
});
