import { formulaOf } from '#test/support/formulas.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Instrument, newInstrument, venueOf } from '#domain/instrument.ts';
import { type FrameKind, LEG_EXCLUDED, LEG_PRESENT } from '#domain/metrics/frames/frames.ts';
import { GroupRow } from '#domain/metrics/frames/group.ts';
import { Identity } from '#domain/metrics/frames/identity.ts';
import { METRICS } from '#domain/metrics/index.ts';
import { defineMetric, type InputName, type Metric } from '#domain/metrics/metric.ts';
import { resolveParams } from '#domain/metrics/params.ts';
import { HOUR_MS } from '#domain/time.ts';
import { LiveBoard, type SingleKind } from '#core/read/metrics/live-board.ts';
import { LiveGroup } from '#core/read/metrics/live-group.ts';
import { createLiveCells } from '#core/read/metrics/live-cells.ts';
import { MetricColumn } from '#core/read/metrics/metric-column.ts';
import type { Observation } from '#core/read/metrics/metric-live.ts';
import { createKeptRows } from '#core/read/kept-rows.ts';
import { createMetricSource } from '#core/read/metrics/metric-source.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import type { Snapshot } from '#core/venue.ts';
import { createListings } from '#core/listings.ts';
import { at } from '#test/support/at.ts';
import { btc, framesOf, longMarket } from '../../../domain/metrics/market.ts';

const NOW = Date.UTC(2026, 0, 5, 12, 10);
const VENUES = ['binance', 'bybit', 'hyperliquid'];

const calm: Omit<Snapshot, 'symbol'> = {
  rate: 1e-4,
  intervalH: 8,
  nextFundingAt: NOW + HOUR_MS,
  mark: 100.1,
  index: 100,
  openInterest: 1000,
  volume24h: 1e6,
  interestPer8h: 1e-4,
};

describe('a poll', () => {
  const listed = (venue: string): Instrument => newInstrument({ venue, symbol: 'BTC', asset: 'BTC', quote: 'USDT', settle: 'USDT' });
  const instruments = VENUES.map(listed);
  const [binance, bybit, hyperliquid] = instruments.map(({ id }) => id);

  /** What was looked at since the last answer; of a group, whose value it is. */
  let looked: string[] = [];
  /** The look that fails, and what was told of it. */
  let broken = '';
  let failed: string[] = [];
  /** A metric that says what it reads, and tells of every look. */
  function telling<K extends FrameKind>(name: string, on: K, inputs: readonly InputName<K>[], ofLeg?: true): Metric<K> {
    return defineMetric({
      name,
      title: name,
      says: name,
      unit: 'ratio',
      on,
      inputs,
      ...(ofLeg && { ofLeg }),
      params: {},
      formula: name,
      source: 'a test',
      start: () => ({
        next: () => 0,
        live(frame) {
          const whose = 'legs' in frame ? (ofLeg ? at(frame.legs, frame.subject).instrument : { id: 'group' }) : frame.instrument;
          const look = `${name} ${whose.id}`;
          if (look === broken) throw new Error('a metric with a fault');
          looked.push(look);
          return looked.length;
        },
      }),
    });
  }

  let now = NOW;
  /** The venue answers, its prices and all as `change` has them; returns what was looked at, and whose cells changed. */
  let poll: (venue: string, change?: Partial<Snapshot>) => Promise<{ looked: string[]; told: string[] }>;

  beforeEach(async () => {
    const listings = createListings();
    const clock = { now: () => now, monotonic: () => 0, speed: 1, after: () => () => undefined };
    const unread = (): Promise<never> => Promise.reject(new Error('not asked for'));
    const source = createMetricSource({
      rows: createKeptRows(clock),
      formulaOf,
      clock,
      store: {
        settled: unread,
        settledSeen: unread,
        hours: unread,
        prices: unread,
        snapshots: unread,
        books: unread,
        terms: unread,
        interest: unread,
      },
      listings,
      live: { view: () => null, closedTo: () => NOW },
      instrument: (id) => listed(venueOf(id)),
      now: () => now,
      pollMs: () => 30_000,
      book: () => null,
      venues: VENUES,
      list: () => [],
    });
    let told: string[] = [];
    const liveCells = createLiveCells({
      thread: createSharedThread(clock, () => Promise.resolve()),
      reporter: { failed: (what) => failed.push(what) },
      source,
      onCells: (ids) => told.push(...ids),
    });
    poll = async (venue, change = {}) => {
      now += 1000;
      const own = listed(venue);
      const snapshots = [{ ...calm, ...change, symbol: own.symbol }];
      const poll = { venueTime: now, instruments: [own], snapshots, refused: [] };
      listings.apply(venue, poll, now, listings.compare(venue, poll, now));
      liveCells.touch([own.id]);
      await new Promise((resolve) => setImmediate(resolve));
      const answer = { looked, told };
      looked = [];
      told = [];
      return answer;
    };
    for (const venue of VENUES) await poll(venue);
    const metrics: Metric[] = [
      telling('rate', 'hour', ['f']),
      telling('price', 'hour', ['mark', 'index']),
      telling('interest', 'hour', ['openInterest']),
      telling('spread', 'asset', ['f']),
      telling('skew', 'asset', ['f'], true),
      telling('weights', 'asset', ['usd']),
    ];
    const columns = metrics.map((metric) => new MetricColumn({ metric, params: {} }, null));
    const places = instruments.map(({ id }) => liveCells.board.placeOf(id));
    liveCells.begin(columns);
    for (const column of columns) {
      column.fit(liveCells.board.size);
      for (const place of places) column.give(place, column.newRun(), '');
    }
    for (const [i, place] of places.entries()) liveCells.watch(source.feed(at(columns, 0).chosen, at(instruments, i).id, null), [place]);
    liveCells.watch(source.feed(at(columns, -1).chosen, at(instruments, 0).id, null), places);
    for (const venue of VENUES) await poll(venue);
  });

  afterEach(() => {
    expect(failed).toEqual(broken === '' ? [] : [`look at ${broken.replace(' ', ' of ')}`]);
    broken = '';
    failed = [];
  });

  test('that says what was known liveCells at nothing', async () => {
    expect(await poll('bybit')).toEqual({ looked: [], told: [] });
  });

  test('that changes the open interest of one instrument: what reads it, of that instrument and its group', async () => {
    const { looked, told } = await poll('bybit', { openInterest: 1100 });
    expect(looked).toEqual([`interest ${bybit}`, 'weights group']);
    expect(new Set(told)).toEqual(new Set([binance, bybit, hyperliquid]));
  });

  test('that changes prices: nothing that reads the rate alone', async () => {
    expect((await poll('bybit', { index: 100.2 })).looked).toEqual([`price ${bybit}`]);
  });

  test('that changes the rate: the value of a group once, that of a leg for each', async () => {
    const { looked } = await poll('bybit', { rate: 2e-4 });
    expect(looked).toEqual([`rate ${bybit}`, 'spread group', `skew ${binance}`, `skew ${bybit}`, `skew ${hyperliquid}`]);
  });

  test('at which a metric fails is told of; the others and the other instruments go on', async () => {
    broken = `skew ${binance}`;
    const { looked, told } = await poll('bybit', { rate: 2e-4 });
    expect(looked).toEqual([`rate ${bybit}`, 'spread group', `skew ${bybit}`, `skew ${hyperliquid}`]);
    expect(new Set(told)).toEqual(new Set([binance, bybit, hyperliquid]));
  });

  test('whose price is not of the asset: the group is another one, and again when it is back', async () => {
    const all = ['spread group', `skew ${binance}`, `skew ${bybit}`, `skew ${hyperliquid}`, 'weights group'];
    expect((await poll('bybit', { mark: 500 })).looked).toEqual([`price ${bybit}`, ...all]);
    expect((await poll('bybit')).looked).toEqual([`price ${bybit}`, ...all]);
    expect((await poll('binance')).looked).toEqual([]);
  });

  test('of an instrument that is new to the asset: the group is another one', async () => {
    expect((await poll('okx', { openInterest: 5 })).looked).toEqual([]);
    const { looked } = await poll('bybit');
    expect(looked).toEqual(['spread group', `skew ${binance}`, `skew ${bybit}`, `skew ${hyperliquid}`, 'weights group']);
    expect((await poll('okx', { openInterest: 6 })).looked).toEqual(['weights group']);
  });
});

test('an instrument that is another coin stays out while it has no price, and comes in with the price of this one', () => {
  const board = new LiveBoard();
  const group = new LiveGroup(
    board,
    true,
    VENUES.map((venue) => `${venue}:BTC`),
  );
  const standing = (change: Partial<Snapshot>): number[] => {
    board.asOf((id) => ({
      instrument: btc(venueOf(id)),
      snapshot: { ...calm, symbol: 'BTC', ...(venueOf(id) === 'bybit' && change) },
      observedAt: NOW,
      intervalH: 8,
      freshness: 'fresh',
      now: NOW,
    }));
    return group.lay(new GroupRow()).legs.map((leg) => at([...leg.standing], 0));
  };
  const out = [LEG_PRESENT, LEG_EXCLUDED, LEG_PRESENT];
  expect(standing({ mark: 500, index: 500 })).toEqual(out);
  expect(standing({ mark: null, index: null })).toEqual(out);
  expect(standing({})).toEqual([LEG_PRESENT, LEG_PRESENT, LEG_PRESENT]);
});

test('no metric changes with what it does not say that it reads', () => {
  const frames = framesOf([longMarket(1), longMarket(2), longMarket(3)]);
  const ids = VENUES.map((venue) => `${venue}:BTC`);
  const observedAt = at([...frames.hour.time], -1) + 10 * 60_000;
  const base = { ...calm, symbol: 'BTC', premium: 0.0005, nextFundingAt: observedAt + HOUR_MS };
  const observation = (venue: string, change: Partial<Snapshot> = {}, later = 0): Observation => ({
    instrument: btc(venue, { interestPer8h: 1e-4 }),
    snapshot: { ...base, ...change },
    observedAt: observedAt + later,
    intervalH: 8,
    freshness: 'fresh',
    now: observedAt + later,
  });
  const changes: (readonly [Partial<Snapshot>, number])[] = [
    [{ rate: -3e-4 }, 0],
    [{ mark: 100.9 }, 0],
    [{ index: 99.5 }, 0],
    [{ openInterest: 50 }, 0],
    [{ premium: -0.001 }, 0],
    [{}, 60_000],
  ];
  const notLooked = new Set<string>();
  for (const metric of METRICS.filter(({ on }) => on !== 'book')) {
    const column = new MetricColumn({ metric, params: resolveParams(metric.params, {}) }, null);
    const run = column.newRun();
    const frame = frames[metric.on];
    for (let row = 0; row < frame.time.length; row++) run.push(frame, row);
    column.fit(1);
    column.give(0, run, '');
    for (const [change, later] of changes) {
      const board = new LiveBoard();
      const group = new LiveGroup(board, metric.on === 'asset', ids);
      const row = new GroupRow();
      const isGroup = metric.on === 'asset' || metric.on === 'basket';
      const see = (first: Observation): number => {
        board.asOf((id) => (id === ids[0] ? first : observation(venueOf(id))));
        if (isGroup) group.lay(row).subject = 0;
        else board.see(0);
        return isGroup ? group.due : (board.due[0] ?? NaN);
      };
      const look = (): boolean =>
        column.evaluate(
          0,
          isGroup ? row.end(metric.on === 'asset' ? new Identity() : null) : board.frame(metric.on as SingleKind),
          0,
          null,
        );
      see(observation('binance'));
      look();
      board.due[0] = group.due = 0;
      const due = see(observation('binance', change, later));
      if ((due & column.reads) !== 0) continue;
      notLooked.add(`${metric.name} ${JSON.stringify(change)}`);
      expect(look(), `${metric.name} after ${JSON.stringify(change)}`).toBe(false);
    }
  }
  for (const name of ['ema-divergence', 'spread', 'stress', 'premium']) {
    expect([...notLooked].filter((one) => one.startsWith(`${name} `)).length, name).toBeGreaterThan(1);
  }
});
