import { expect, test } from 'vitest';
import { gapsOf, mergeSpans } from '#core/spans.ts';
import type { PricePage, SettledPage } from '#core/venue.ts';
import {
  oldestIn,
  readCandles,
  readSettled,
  type SettledAnswer,
  walkBackward,
  walkForward,
  walkPrices,
} from '#node/venues/common/paging.ts';
import { createBybit } from '#node/venues/bybit/linear.ts';
import { startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

/** Rows as Binance documents them: fundingTime, fundingRate; `rate` 'bad' could not be read. */
type Raw = readonly [hour: number | string, rate: string];
const read = (rows: readonly Raw[], now: number): SettledAnswer =>
  readSettled(
    'Test',
    'X',
    rows.map(([hour, rate]) => ({ fundingTime: typeof hour === 'number' ? START + hour * HOUR : hour, fundingRate: rate })),
    now,
    (row) => ({
      symbol: 'X',
      stamp: row['fundingTime'],
      rate: Number.isNaN(Number(row['fundingRate'])) ? null : Number(row['fundingRate']),
      intervalH: null,
      mark: null,
      premium: null,
    }),
  );

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const page of pages) got.push(page);
  return got;
}
/** Hours after the start. */
const hours = ({ proven, open = [] }: SettledPage | PricePage) => ({
  proven: proven && [(proven.from - START) / HOUR, (proven.to - START) / HOUR],
  open: open.map(({ from, to }) => [(from - START) / HOUR, (to - START) / HOUR]),
});
const forward = async (rows: readonly Raw[], toH: number, nowH: number): Promise<SettledPage> => {
  const pages = walkForward({
    venue: 'Test',
    symbol: 'X',
    from: START,
    to: START + toH * HOUR,
    limit: 100,
    now: () => START + nowH * HOUR,
    ask: (start, end) =>
      Promise.resolve(
        read(
          rows.filter(([hour]) => typeof hour !== 'number' || (START + hour * HOUR >= start && START + hour * HOUR <= end)),
          START + nowH * HOUR,
        ),
      ),
  });
  const got = await all(pages);
  const proven = mergeSpans(got.flatMap((page) => (page.proven ? gapsOf(page.open ?? [], page.proven.from, page.proven.to) : [])));
  const [first, last] = [proven[0], proven.at(-1)];
  const whole = first && last ? { from: first.from, to: last.to } : null;
  return {
    rows: got.flatMap((page) => page.rows),
    refused: got.flatMap((page) => page.refused),
    proven: whole,
    open: whole ? gapsOf(proven, whole.from, whole.to) : [],
  };
};

test('a stretch is proven to five minutes ago where its newest row is current, else to that row', async () => {
  const rows: Raw[] = [8, 16, 24].map((hour) => [hour, '0.0001']);
  expect(hours(await forward(rows, 33, 33)).proven).toEqual([0, 33 - 1 / 12]);
  expect(hours(await forward(rows, 33.1, 33.1)).proven).toEqual([0, 24]);
  expect(hours(await forward(rows, 33, 1000)).proven).toEqual([0, 33]);
  expect(hours(await forward(rows, 40, 1000)).proven).toEqual([0, 24]);
  const hourly: Raw[] = [1, 2, 3].map((hour) => [hour, '0.0001']);
  expect(hours(await forward(hourly, 5, 5)).proven).toEqual([0, 5 - 1 / 12]);
  expect(hours(await forward(hourly, 5.2, 5.2)).proven).toEqual([0, 3]);
  expect(hours(await forward([], 3, 3)).proven).toBeNull();
});

test('a row that could not be read proves nothing back to the one before it', async () => {
  const rows: Raw[] = [
    [8, '0.0001'],
    [16, ''],
    [24, '0.0001'],
    ['', '0.0001'],
    [40, '0.0001'],
    [48, 'x'],
  ].map(([hour, rate]) => [hour ?? '', rate === '' ? 'none' : String(rate)]);
  const page = await forward(rows, 50, 50);
  expect(page.rows.map(({ stamp }) => (stamp - START) / HOUR)).toEqual([8, 24, 40]);
  expect(page.refused.length).toBeGreaterThanOrEqual(3);
  const { proven, open } = hours(page);
  expect(proven?.[0]).toBe(0);
  expect(open[0]).toEqual([8, 16]);
  expect(open[1]?.[0]).toBe(24);
  expect(open[1]?.[1]).toBeCloseTo(40, 5);
  expect(open).toHaveLength(2);
  // Nor what comes after the newest row, where that is one.
  expect(proven?.[1]).toBe(40);
});

test('rows none of which could be read prove nothing, and no walk goes on for ever', async () => {
  const page = await forward(
    [8, 16, 24].map((hour) => [hour, 'none']),
    25,
    25,
  );
  expect(page).toMatchObject({ rows: [], proven: null });
  const timeless = await forward(
    ['', 'soon', '8 h'].map((hour) => [hour, '0.0001']),
    25,
    25,
  );
  expect(timeless).toMatchObject({ rows: [], proven: null });
  expect(timeless.refused).toHaveLength(3);
});

test.each([
  ['forward', walkForward, (start: number) => start],
  ['backward', walkBackward, (_: number, end: number) => end],
])('%s: pages that never end, a row a millisecond further each, are no settlements', async (_, walk, stampOf) => {
  let asked = 0;
  const pages = walk({
    venue: 'Test',
    symbol: 'X',
    from: START,
    to: START + 1000 * HOUR,
    limit: 1,
    now: () => START + 2000 * HOUR,
    ask: (start, end) => {
      asked++;
      return Promise.resolve(read([[(stampOf(start, end) - START) / HOUR, '0.0001']], START + 2000 * HOUR));
    },
  });
  await expect(all(pages)).rejects.toMatchObject({ kind: 'malformed', message: expect.stringContaining('settlements within') as string });
  expect(asked).toBeLessThan(20);
});

test('settlements a minute apart are none', async () => {
  const rows: Raw[] = Array.from({ length: 300 }, (_, n) => [1 + n / 60, '0.0001']);
  await expect(forward(rows, 10, 10)).rejects.toMatchObject({ kind: 'malformed' });
  // An extra one now and then is.
  const extra: Raw[] = [1, 2, 2.5, 3, 3.75, 4, 5].map((hour) => [hour, '0.0001']);
  expect((await forward(extra, 5, 5)).rows).toHaveLength(7);
});

test('a time that cannot be neither moves the page on nor is the oldest settlement', () => {
  const now = START + 10 * HOUR;
  for (const bad of [0.5, -1000, START / HOUR + 24 * 365 * 100].map((hour) => hour * HOUR)) {
    const answer = readSettled('Test', 'X', [{ t: bad }], now, (row) => ({
      symbol: 'X',
      stamp: row['t'],
      rate: 0.0001,
      intervalH: null,
      mark: null,
      premium: null,
    }));
    expect(answer).toMatchObject({ rows: [], items: [{ stamp: null, whole: false }] });
    expect(() => oldestIn('Test', 'X', answer)).toThrow();
  }
  expect(oldestIn('Test', 'X', read([], now))).toBeNull();
  expect(oldestIn('Test', 'X', read([[3, 'none']], now))).toBe(START + 3 * HOUR);
});

test('an hour is proven by the closes of every kind: one without a price, left out or late is asked for again', async () => {
  const now = START + 100 * HOUR + 20 * MINUTE;
  const candles = (keep: (open: number) => unknown) => (window: { firstOpen: number; lastOpen: number }) => {
    const raw: unknown[] = [];
    for (let open = window.firstOpen; open <= window.lastOpen; open += HOUR) {
      const price = keep((open - START) / HOUR);
      if (price !== undefined) raw.push([open, price]);
    }
    return readCandles('Test', 'X', raw, window, (candle) => {
      const [open, price] = candle as [number, unknown];
      return { open, price: typeof price === 'number' ? price : null, others: [null, null, null] };
    });
  };
  const walk = (mark: (hour: number) => unknown, index: (hour: number) => unknown) =>
    all(
      walkPrices({
        from: START,
        servedFrom: 0,
        to: now,
        hoursPerPage: 200,
        now: () => now,
        ask: (window) => Promise.resolve({ mark: candles(mark)(window), index: candles(index)(window) }),
      }),
    );
  const good = () => 5;
  const newest = 100 + 15 / 60;
  expect((await walk(good, good)).map(hours)).toEqual([{ proven: [0, newest], open: [] }]);
  expect((await walk((hour) => (hour === 7 ? '' : 5), good)).map(hours)).toEqual([{ proven: [0, newest], open: [[7, 8]] }]);
  expect((await walk(good, (hour) => (hour === 7 ? undefined : 5))).map(hours)).toEqual([{ proven: [0, newest], open: [[7, 8]] }]);
  expect((await walk(good, (hour) => (hour >= 60 ? undefined : 5))).map(hours)).toEqual([{ proven: [0, 60], open: [] }]);
  const third = await walk((hour) => (hour % 3 === 1 ? null : 5), good);
  expect(third.map(hours)).toEqual([{ proven: [0, newest], open: [[1, 98]] }]);
  expect(third[0]?.rows).toHaveLength(100);
  expect(
    (
      await walk(
        () => '',
        () => undefined,
      )
    ).map(hours),
  ).toEqual([{ proven: null, open: [] }]);
});

test('Bybit: lists and searches that never end are ended', async () => {
  const exchange = await startFakeExchange();
  let page = 0;
  exchange.route('GET', '/v5/market/instruments-info', () => ({
    retCode: 0,
    result: { list: [{ symbol: `X${++page}USDT`, baseCoin: `X${page}`, quoteCoin: 'USDT' }], nextPageCursor: `page ${page}` },
  }));
  exchange.route('GET', '/v5/market/tickers', () => ({
    retCode: 0,
    result: { list: [{ symbol: 'BTCUSDT', fundingRate: '0.0001', nextFundingTime: START + HOUR }] },
  }));
  // Newest first, whatever was asked for.
  exchange.route('GET', '/v5/market/funding/history', () => ({
    retCode: 0,
    result: { list: [{ symbol: 'X', fundingRate: '0.0001', fundingRateTimestamp: String(START) }] },
  }));
  const venue = createBybit();
  const io = ioOf(venue, exchange.url, () => START);
  await venue.poll(io);
  expect(exchange.count('/v5/market/instruments-info')).toBeLessThan(50);
  await expect(venue.oldest(io, 'X')).rejects.toMatchObject({ kind: 'malformed' });
  await exchange.close();
});

test("a candle whose fields stand in each other's place is refused", () => {
  const window = { firstOpen: START, lastOpen: START };
  const read = (first: number, high: number, low: number, price: number) =>
    readCandles('Test', 'X', [0], window, () => ({ open: START, price, others: [first, high, low] }));
  expect(read(2, 3, 1, 2.5).closes.get(START + HOUR)).toBe(2.5);
  // The first price is left out: high, low, close and volume move up.
  expect(read(3, 1, 2.5, 0)).toMatchObject({ closes: new Map(), refused: [{ symbol: 'X' }] });
  expect(read(2, 3, 1, 3.5)).toMatchObject({ closes: new Map(), refused: [{ symbol: 'X' }] });
});
