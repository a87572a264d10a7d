import { afterEach, describe, expect, test } from 'vitest';
import type { MetricCell } from '#bridge/contract.ts';
import type { MetricSeries } from '#bridge/series.ts';
import { matrixRow } from '#bridge/contract.ts';
import { explanation, metricSeries } from '#bridge/series.ts';
import type { FrameKind } from '#domain/metrics/frames/frames.ts';
import { METRICS, findMetric } from '#domain/metrics/index.ts';
import { resolveParams } from '#domain/metrics/params.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { createWires } from '#node/demo/market.ts';
import { run as command } from '../../../../../src/cli/run.ts';
import { HOUR, START, World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const choice = (metric: string, params: Record<string, number | string> = {}) => ({ metric, params });
const CHOSEN = [
  choice('funding'),
  choice('ema-divergence', { n: 3 }),
  choice('ema-divergence'),
  choice('mean-funding', { hours: 6 }),
  choice('spread'),
  choice('skew'),
  choice('spread-z', { days: 1 }),
  choice('score', { w: 4 }),
  choice('cumulative-funding', { days: 1 }),
  choice('basket-divergence', { n: 4 }),
  choice('same-sign-run'),
  choice('ema-divergence-fast', { n: 4 }),
];

/** Two venues whose rates and marks never stand still; BTC on beta settles hourly. */
async function open(options: WorldOptions = {}): Promise<World> {
  world = new World({
    start: START + 7_000,
    venues: ['alpha', 'beta'],
    settings: (all) => ({
      ...all,
      venues: Object.fromEntries(Object.keys(all.venues).map((id) => [id, { enabled: true, url: null, pollSeconds: 240 }])),
    }),
    view: { columns: CHOSEN },
    ...options,
  });
  for (const [v, [id, market]] of [...world.markets].entries()) {
    market.oldestAt = START - 3 * 24 * HOUR;
    for (const [i, asset] of ['BTC', 'ETH'].entries()) {
      const phase = 1 + v + 2 * i;
      market.list(`${asset}USDT`, {
        asset,
        rate: (t) => Math.round(1e9 * (1e-4 * Math.sin((phase * t) / (5 * HOUR)) + 3e-5 * Math.cos((t * phase) / (40 * MINUTE)))) / 1e9,
        intervalH: () => (id === 'beta' && asset === 'BTC' ? 1 : 8),
      });
    }
  }
  await world.start();
  return world;
}
/** Marks move too, between polls. */
function moveMarks(t: number): void {
  for (const market of world.markets.values()) {
    for (const [symbol, one] of market.instruments)
      market.list(symbol, { ...one, mark: 100 + Math.round(500 * Math.sin(t / (7 * HOUR))) / 100 });
  }
}
const series = (instrument: string, { metric, params } = choice('funding'), from: number | null = null): Promise<MetricSeries> =>
  world.call('metrics.series', { instrument, choice: { metric, params }, list: 'majors', from });
const at = ({ time, value, reason }: MetricSeries, t: number): number | string | undefined => {
  const row = time.indexOf(t);
  return row < 0 ? undefined : (reasonOf(reason[row] ?? 0) ?? value[row]);
};
const shown = (cell: MetricCell | undefined): number | string | null | undefined => cell?.value ?? cell?.reason;
const hasLive = (name: string): boolean => {
  const metric = findMetric(name);
  return metric !== undefined && new MetricRun<FrameKind>(metric, resolveParams(metric.params, {})).moves;
};

describe('live is replay', () => {
  test('over half a day of polls, closes, an outage and a change of interval, every shown value is the replayed one', async () => {
    await open({ speed: 10 });
    const ids = ['alpha:BTCUSDT', 'beta:BTCUSDT', 'alpha:ETHUSDT', 'beta:ETHUSDT'];
    const seen: { t: number; id: string; column: number; value: number | string | null | undefined }[] = [];
    const first = START + 30 * MINUTE;
    for (let t = first; t < first + 13 * HOUR; t += HOUR) {
      moveMarks(t);
      if (t === first + 3 * HOUR) world.market('alpha').fault = { kind: 'network' };
      if (t === first + 5 * HOUR) world.market('alpha').fault = null;
      if (t === first + 8 * HOUR) {
        const eth = world.market('beta').instruments.get('ETHUSDT');
        if (eth) world.market('beta').list('ETHUSDT', { ...eth, intervalH: (at) => (at < first + 7.5 * HOUR ? 8 : 4) });
      }
      // What the row in progress shows at its last moment is what the close makes of it.
      await world.clock.until(t - 200);
      const outage = t > first + 2 * HOUR && t <= first + 6 * HOUR;
      for (const id of ids) {
        const columns = world.cells(await world.row(id));
        for (const [column, { metric }] of CHOSEN.entries())
          if (hasLive(metric) && findMetric(metric)?.on !== 'settlement' && findMetric(metric)?.on !== 'bar' && !outage)
            seen.push({ t, id, column, value: shown(columns[column]) });
      }
      // A metric without a value between closes shows the last close.
      await world.clock.until(t + 30_000);
      for (const id of ids) {
        const columns = world.cells(await world.row(id));
        for (const [column, { metric }] of CHOSEN.entries())
          if (!hasLive(metric) && !outage) seen.push({ t, id, column, value: shown(columns[column]) });
      }
    }
    const replayed = new Map<string, MetricSeries>();
    for (const id of ids) for (const [column, one] of CHOSEN.entries()) replayed.set(`${id} ${column}`, await series(id, one));
    let compared = 0;
    for (const { t, id, column, value } of seen) {
      const of = replayed.get(`${id} ${column}`);
      if (of === undefined) throw new Error('not replayed');
      const rows = of.time.filter((time) => time <= t);
      const expected = findMetric(CHOSEN[column]?.metric ?? '')?.on === 'settlement' ? at(of, rows.at(-1) ?? 0) : at(of, t);
      expect({ t, id, metric: CHOSEN[column]?.metric, value }).toEqual({ t, id, metric: CHOSEN[column]?.metric, value: expected });
      compared += typeof value === 'number' ? 1 : 0;
    }
    expect(compared).toBeGreaterThan(300);

    // A new start walks everything afresh: nothing is different.
    const before = (await world.call('watchlist.rows', {})).map(({ instrument: { id }, ...row }) => ({ id, columns: world.cells(row) }));
    await world.stop();
    await world.start();
    await world.clock.advance(5 * MINUTE);
    for (const row of before) {
      const after = world.cells(await world.row(row.id));
      for (const [column, { metric }] of CHOSEN.entries())
        if (!hasLive(metric) && metric !== 'ema-divergence-fast') expect([metric, after[column]]).toEqual([metric, row.columns[column]]);
    }

    // The command line reads the same file beside the running app.
    for (const one of [choice('ema-divergence', { n: 3 }), choice('spread-z', { days: 1 }), choice('score', { w: 4 })]) {
      let out = '';
      const params = Object.entries(one.params).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
      const shownRows = await series('alpha:BTCUSDT', one);
      const to = String(shownRows.time.at(-1));
      const where = ['--venue', 'alpha', '--symbol', 'BTCUSDT', '--data-dir', world.dir, '--to', to];
      await command(['metrics', ...where, '--metric', one.metric, ...params, '--json'], {
        read: () => Promise.reject(new Error('not read')),
        out: (text) => (out += text),
        err: (text) => (out += text),
      });
      const { data: rows } = JSON.parse(out) as { data: { time: number; value: number | null; reason: string | null }[] };
      expect(rows.length).toBe(shownRows.time.length);
      for (const { time, value, reason } of rows) expect(value ?? reason).toBe(at(shownRows, time));
    }
    expect(world.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});

/** A day of history, then everything that can be asked. */
async function opened(options: WorldOptions = {}): Promise<void> {
  await open(options);
  moveMarks(START);
  await world.clock.advance(5 * MINUTE);
}

describe('what is asked for', () => {
  test('every metric has a series and an explanation as the contract says, a value or a reason at each row', async () => {
    await opened();
    for (const { name, on } of METRICS) {
      const found = await series('alpha:BTCUSDT', choice(name));
      expect(metricSeries.safeParse(found).success).toBe(true);
      for (const [row, value] of found.value.entries()) expect(Number.isFinite(value)).toBe(found.reason[row] === 0);
      if (on === 'book') continue;
      const why = await world.call('metrics.explain', { instrument: 'alpha:BTCUSDT', choice: choice(name), list: 'majors', at: null });
      expect(explanation.safeParse(why).success).toBe(true);
      expect({ metric: name, time: why.time, said: why.value ?? why.reason }).toEqual({
        metric: name,
        time: found.time.at(-1),
        said: at(found, why.time),
      });
    }
  });

  test('a range is a part of the whole; the choice comes back with every parameter', async () => {
    await opened();
    const whole = await series('beta:ETHUSDT', choice('ema-divergence', { n: 5 }));
    const part = await series('beta:ETHUSDT', choice('ema-divergence', { n: 5 }), START - 6 * HOUR);
    expect(part.choice).toEqual({ metric: 'ema-divergence', params: { n: 5, average: 'ema' } });
    expect(part.time.length).toBe(6);
    expect([...part.value]).toEqual([...whole.value.slice(-6)]);
    expect(part.live).toEqual(whole.live);
  });

  test('an explanation is of the row at or before the time, with its inputs and their source', async () => {
    await opened();
    const input = { instrument: 'alpha:BTCUSDT', choice: choice('ema-divergence', { n: 4 }), list: null };
    const t = START - 6.5 * HOUR;
    const why = await world.call('metrics.explain', { ...input, at: t + 20 * MINUTE });
    expect(why).toMatchObject({ time: t, window: { from: t - 5 * HOUR, to: t - HOUR, need: 4, gaps: 0 } });
    expect(why.inputs).toEqual([
      { name: 'f', value: expect.any(Number) as number, source: 'settlement', time: expect.any(Number) as number },
    ]);
    expect((why.parts['f'] ?? NaN) - (why.parts['average'] ?? NaN)).toBeCloseTo(why.value ?? NaN, 15);
    await expect(world.call('metrics.explain', { ...input, at: START - 400 * 24 * HOUR })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('what cannot be is said with what can', async () => {
    await opened();
    const ask = (metric: string, params = {}) =>
      world.call('metrics.series', { instrument: 'alpha:BTCUSDT', choice: { metric, params }, list: null, from: null });
    await expect(ask('no-such')).rejects.toThrow('There is no metric "no-such"; there are funding, ema-divergence');
    await expect(ask('score', { n: 3 })).rejects.toThrow('there is no parameter "n"; it takes w, rf, floor');
    await expect(ask('score', { w: 1e9 })).rejects.toThrow('w is a whole number from');
    await expect(series('alpha:NONE')).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.call('metrics.matrix', { list: 'gone' })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a history that cannot be read says so', async () => {
    await opened();
    world.failing.add('snapshots');
    // What columns walk was read before; these bars were not.
    await expect(series('alpha:BTCUSDT', choice('ema-divergence-fast', { bar: '15m' }))).rejects.toMatchObject({ code: 'storage' });
  });
  test('what a second one or an audit of the same rows rests on is not read again until others have closed', async () => {
    await opened();
    const reads = async (work: () => Promise<unknown>): Promise<number> => {
      const before = world.asked.get('snapshots') ?? 0;
      await work();
      return (world.asked.get('snapshots') ?? 0) - before;
    };
    const fast = choice('ema-divergence-fast', { bar: '15m', n: 2 });
    const found: MetricSeries[] = [];
    expect(await reads(async () => found.push(await series('alpha:BTCUSDT', fast)))).toBe(1);
    const again = await reads(async () => {
      found.push(await series('alpha:BTCUSDT', fast));
      await series('alpha:BTCUSDT', choice('ema-divergence-fast', { bar: '15m', n: 4 }));
      await world.call('metrics.explain', { instrument: 'alpha:BTCUSDT', choice: fast, list: null, at: null });
    });
    expect(again).toBe(0);
    expect(found[1]).toEqual(found[0]);
    await world.clock.advance(HOUR);
    expect(await reads(async () => found.push(await series('alpha:BTCUSDT', fast)))).toBeGreaterThan(0);
    expect((found[2]?.time.length ?? 0) - (found[0]?.time.length ?? 0)).toBeGreaterThan(2);
  });
});

describe('the columns of the list', () => {
  test('are worked out when a read that failed can be made again, at the next try', async () => {
    await open({ view: { columns: [] } });
    await world.clock.advance(2 * MINUTE);
    world.failing.add('settledSeen');
    await world.look({ columns: [choice('funding-score', { w: 6 })] });
    await world.clock.advance(MINUTE);
    const cell = async () => world.cells(await world.row('alpha:BTCUSDT'))[0];
    expect(await cell()).toMatchObject({ reason: 'waiting' });
    world.failing.delete('settledSeen');
    await world.clock.advance(MINUTE);
    expect((await cell())?.reason).not.toBe('waiting');
  });

  test('are those that a window shows, follow a change of them, and say what another version chose', async () => {
    await opened();
    const told = world.events.length;
    await world.look({ columns: [choice('premium'), choice('ema-divergence', { n: 3 })] });
    expect(Object.keys((await world.row('alpha:BTCUSDT')).cells)).toHaveLength(2);
    await world.clock.advance(MINUTE);
    const row = await world.row('alpha:BTCUSDT');
    expect(world.cells(row)).toEqual([
      { value: null, reason: 'no-price', word: '' },
      { value: expect.any(Number) as number, reason: null, word: '' },
    ]);
    expect(row.rate).not.toBeNull();
    expect(world.events.slice(told).some(({ name }) => name === 'watchlist.change')).toBe(true);
    await world.look({ columns: [choice('of-the-future'), choice('funding')] });
    await world.stop();
    await world.start();
    await world.clock.advance(MINUTE);
    expect(world.cells(await world.row('alpha:BTCUSDT')).map(shown)).toEqual(['unknown-metric', expect.any(Number)]);
  });

  test('age with the observation behind them', async () => {
    await opened({ view: { columns: [choice('funding'), choice('spread'), choice('same-sign-run')] } });
    world.market('alpha').fault = { kind: 'network' };
    await world.clock.advance(6 * MINUTE);
    const [own, spread, run] = world.cells(await world.row('alpha:BTCUSDT'));
    expect([own?.reason, spread?.reason, run?.reason]).toEqual(['stale', 'too-few', 'stale']);
  });

  test('a list of another size or another list is another basket', async () => {
    await opened({ view: { columns: [choice('basket-divergence', { n: 3 })] } });
    const cell = async (id: string) => shown(world.cells(await world.row(id))[0]);
    expect(await cell('alpha:BTCUSDT')).toEqual(expect.any(Number));
    const list = (await world.call('watchlist.create', { name: 'Mine' })).lists.at(-1)?.id ?? '';
    await world.look({ list });
    await world.clock.advance(MINUTE);
    expect(await cell('alpha:BTCUSDT')).not.toEqual(expect.any(Number));
    for (const instrument of ['alpha:BTCUSDT', 'beta:ETHUSDT']) await world.call('watchlist.add', { list, instrument });
    await world.clock.advance(MINUTE);
    expect(await cell('alpha:BTCUSDT')).toEqual(expect.any(Number));
    expect(await cell('alpha:ETHUSDT')).toBe('too-few');
  });
});

describe('the matrix', () => {
  test('assets by venues, widest spread first; the pair is short the highest and long the lowest', async () => {
    await opened();
    const rows = await world.call('metrics.matrix', { list: null });
    for (const row of rows) expect(matrixRow.safeParse(row).success).toBe(true);
    expect(rows.map(({ asset }) => asset).sort()).toEqual(['BTC', 'ETH']);
    for (const { cells, spread, short, long } of rows) {
      expect(cells.map(({ venue }) => venue)).toEqual(['alpha', 'beta']);
      const [a, b] = cells.map(({ f }) => f ?? NaN) as [number, number];
      expect(spread).toBeCloseTo(Math.abs(a - b), 18);
      expect([short, long]).toEqual(a > b ? [cells[0]?.instrument, cells[1]?.instrument] : [cells[1]?.instrument, cells[0]?.instrument]);
      for (const { instrument, d } of cells) expect(d).toBe((await world.row(instrument)).d);
    }
    expect(rows[0]?.spread ?? 0).toBeGreaterThanOrEqual(rows[1]?.spread ?? 0);
  });

  test('what is stale or another coin has no say, and says so', async () => {
    await opened();
    const eth = world.market('beta').instruments.get('ETHUSDT');
    if (eth) world.market('beta').list('ETHUSDT', { ...eth, mark: 60 });
    world.market('beta').list('SOLUSDC', { asset: 'SOL', settle: 'USDC' });
    // A price that jumps so far is believed when the next poll agrees.
    await world.clock.advance(9 * MINUTE);
    const matrix = async () => new Map((await world.call('metrics.matrix', { list: null })).map((row) => [row.asset, row]));
    const other = (await matrix()).get('ETH');
    expect(other).toMatchObject({ spread: null, reason: 'unconfirmed' });
    expect(other?.cells.map(({ left }) => left)).toEqual(['unconfirmed', 'unconfirmed']);
    expect((await matrix()).has('SOL')).toBe(false);
    world.market('alpha').fault = { kind: 'network' };
    await world.clock.advance(9 * MINUTE);
    const late = (await matrix()).get('BTC');
    expect(late).toMatchObject({ spread: null, short: null, long: null, reason: 'too-few' });
    expect(late?.cells.map(({ left }) => left)).toEqual(['stale', null]);
    expect((await world.call('metrics.matrix', { list: 'majors' })).map(({ asset }) => asset).sort()).toEqual(['BTC', 'ETH']);
  });
});

test('over the demo market’s wire formats every metric answers', async () => {
  world = new World({
    start: START + 25 * MINUTE,
    venues: ['binance', 'bybit', 'hyperliquid'],
    wires: createWires(1).wires,
    settings: (all) => ({
      ...all,
      lists: all.lists.map((list) => ({ ...list, assets: ['FET'] })),
    }),
    view: { columns: [choice('premium')] },
  });
  await world.start();
  await world.clock.advance(8 * MINUTE);
  for (const row of await world.call('watchlist.rows', {})) expect(typeof world.cells(row)[0]?.value).toBe('number');
  for (const { name } of METRICS) expect((await series('hyperliquid:FET', choice(name))).choice.metric).toBe(name);
  expect((await world.call('metrics.matrix', { list: null })).length).toBeGreaterThan(5);
  expect(world.logged.filter((line) => line.startsWith('error'))).toEqual([]);
});
