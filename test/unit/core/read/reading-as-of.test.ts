import { afterEach, expect, test } from 'vitest';
import { run } from '../../../../src/cli/run.ts';
import type { CallOutput } from '#bridge/contract.ts';
import { METRICS } from '#domain/metrics/index.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const [BTC, ETH, GONE] = ['binance:BTCUSDT', 'bybit:ETHUSDT', 'bybit:BTCUSDT'];
/** Newest rows that are compared. */
const ROWS = 40;
/** Of instruments, groups and lists; of hours, settlements and bars. */
const FEW = ['ema-divergence', 'cumulative-funding', 'premium', 'spread', 'basket-divergence', 'ema-divergence-fast', 'theoretical-rate'];

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

type Series = CallOutput<'metrics.series'>;
const newest = ({ time, value, reason, live }: Series) => ({
  time: [...time.slice(-ROWS)],
  value: [...value.slice(-ROWS)],
  reason: [...reason.slice(-ROWS)],
  live,
});

const series = (instrument: string, metric: string, asOf: number | null) =>
  world.call('metrics.series', { instrument, choice: { metric, params: {} }, list: 'majors', from: null, asOf });
const evidence = (instrument: string, asOf: number | null) =>
  world.call('evidence.count', {
    job: `${instrument} ${asOf}`,
    question: {
      on: { instrument, among: 'majors' },
      conditions: [{ choice: { metric: 'ema-divergence', params: {} }, op: 'outside', level: 0.0002, release: 0.8 }],
      ...{ k: 2, from: null, to: null, asOf },
    },
  });

/** Everything that a screen shows of a moment and asks about it. */
async function shownAt(asOf: number | null, metrics: readonly string[]) {
  const ofSeries: Record<string, ReturnType<typeof newest>> = {};
  for (const id of [BTC, ETH]) {
    for (const metric of metrics) ofSeries[`${metric} of ${id}`] = newest(await series(id, metric, asOf));
  }
  const explained = await world.call('metrics.explain', {
    instrument: BTC,
    choice: { metric: 'mean-funding', params: {} },
    list: 'majors',
    at: null,
    asOf,
  });
  return {
    ofSeries,
    explained,
    evidence: await evidence(BTC, asOf),
    chart: await world.call('history.divergence', { instrument: BTC, from: START - DAY, asOf }),
    record: await evidence(ETH, asOf),
    rows: await world.call('watchlist.rows', { asOf }),
    conflicts: await world.call('history.conflicts', { limit: 10, asOf }),
  };
}
async function exported(id: string, metric: string, asOf: number) {
  const [venue = '', symbol = ''] = id.split(':');
  const said = { out: '', err: '' };
  const io = {
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += `${text}\n`),
    read: () => Promise.reject(new Error('no file is read')),
  };
  const where = ['--venue', venue, '--symbol', symbol, '--data-dir', world.dir];
  const code = await run(['metrics', '--metric', metric, ...where, '--json', '--as-of', new Date(asOf).toISOString()], io);
  return { ...said, code, rows: code === 0 ? (JSON.parse(said.out) as { data: { time: number; value: number | null }[] }).data : [] };
}

test('what was shown at a moment is what is read as of it, by the bridge and by the command, whatever came later', async () => {
  world = new World({ venues: ['binance', 'bybit'] });
  const shorter = START + 5 * HOUR;
  for (const id of ['binance', 'bybit']) {
    const market = world.market(id);
    market.oldestAt = START - 4 * DAY;
    for (const asset of ['BTC', 'ETH']) {
      market.list(`${asset}USDT`, {
        asset,
        index: 100.05,
        rate: (t) => 0.0001 + Math.sin(t / (4 * HOUR)) ** 9 * 0.004,
        intervalH: (t) => (asset === 'ETH' && t >= shorter ? 1 : 4),
        openInterest: (t) => 1000 + Math.round(Math.sin(t / (7 * HOUR)) * 300),
      });
    }
  }
  let correction = 0;
  world.market('binance').spoil = (row) => (row.close !== undefined && row.mark ? { ...row, mark: row.mark + correction } : row);
  await world.start();
  await world.clock.advance(10 * MINUTE);
  const shown: { readonly at: number; readonly metrics: readonly string[]; readonly what: Awaited<ReturnType<typeof shownAt>> }[] = [];
  const look = async (metrics: readonly string[]): Promise<void> => {
    shown.push({ at: world.clock.now(), metrics, what: await shownAt(null, metrics) });
  };
  const hours = (n: number): number => START - 30 * MINUTE + n * HOUR;

  await world.clock.until(hours(2) + 7 * MINUTE);
  await look(FEW);
  // The settlement at 04:00 comes more than an hour late: what was closed without it is closed again with it.
  world.market('bybit').publishedAfterMs = 80 * MINUTE;
  await world.clock.until(hours(4) + 20 * MINUTE);
  await look(METRICS.map(({ name }) => name));
  await world.clock.until(hours(6) + 3 * MINUTE);
  // A settlement of 06:00 is awaited: for five minutes the hour is not closed.
  await look(FEW);
  await world.clock.advance(1_000);
  world.market('bybit').publishedAfterMs = 2_000;
  correction = 3;
  await world.call('thresholds.change', { instrument: null, theta: 0.0001 });
  world.market('bybit').closed.add('BTCUSDT');
  // Its settlement has come: the hour is closed, and is so for the command too.
  await world.clock.until(hours(7) + 3 * MINUTE);
  await look(FEW);
  await world.stop();
  await world.start();
  await world.clock.until(hours(9) + 30 * MINUTE);

  let changed = 0;
  for (const { at, metrics, what } of shown) {
    const then = await shownAt(at, metrics);
    expect(then).toEqual(what);
    for (const [name, one] of Object.entries((await shownAt(null, FEW)).ofSeries)) {
      if (JSON.stringify({ ...one, live: null }) !== JSON.stringify({ ...what.ofSeries[name], live: null })) changed++;
    }
    for (const metric of ['ema-divergence', 'cumulative-funding', 'spread']) {
      const { time = [], value = [] } = what.ofSeries[`${metric} of ${ETH}`] ?? {};
      const told = (await exported(ETH, metric, at)).rows.slice(-time.length);
      expect(told.map((row) => [row.time, row.value])).toEqual(time.map((t, i) => [t, Number.isNaN(value[i]) ? null : value[i]]));
    }
  }
  // Nothing would be told apart if nothing had come later.
  expect(changed).toBeGreaterThan(20);
  expect(shown[3]?.what.rows.find(({ instrument }) => instrument.id === GONE)?.status).toBe('unlisted');
  expect(shown[2]?.what.rows.find(({ instrument }) => instrument.id === GONE)?.status).toBe('live');
});

test('in the demo too: its time runs faster, and what it showed is read again', async () => {
  world = new World({
    venues: ['okx'],
    wires: fewWires(['KAITO', 'IO']),
    settings: (all) => ({ ...all, lists: [{ id: 'majors', name: 'Majors', assets: ['KAITO', 'IO'], seeded: [], items: [] }] }),
    speed: 60,
  });
  await world.start();
  await world.clock.advance(HOUR + 20 * MINUTE);
  const rows = await world.call('watchlist.rows', {});
  const instrument = rows.find(({ status }) => status === 'live')?.instrument.id ?? '';
  const look = async (asOf: number | null) => ({
    rows: await world.call('watchlist.rows', { asOf }),
    chart: await world.call('history.divergence', { instrument, from: null, asOf }),
    series: newest(await series(instrument, 'cumulative-funding', asOf)),
  });
  const at = world.clock.now();
  const shown = await look(null);
  expect(shown.chart.settledAt.length).toBeGreaterThan(20);
  await world.clock.advance(HOUR);
  expect(await look(null)).not.toEqual(shown);
  expect(await look(at)).toEqual(shown);
});

test('a moment that has not come, one before anything was known, and what is no time at all are refused with a sentence', async () => {
  world = new World();
  world.market().list('BTCUSDT', { asset: 'BTC' });
  world.market().oldestAt = START - DAY;
  await world.start();
  await world.clock.advance(10 * MINUTE);
  const instrument = 'alpha:BTCUSDT';
  const chart = (asOf: number) => world.call('history.divergence', { instrument, from: null, asOf });
  await expect(chart(START + DAY)).rejects.toThrow(`${new Date(START + DAY).toISOString()} has not come yet`);
  await expect(chart(START - DAY)).rejects.toMatchObject({
    code: 'not-found',
    message: `Of ${instrument} nothing was known at ${new Date(START - DAY).toISOString()}.`,
  });
  await expect(chart(-1)).rejects.toMatchObject({ code: 'bad-input' });
  expect(await world.call('watchlist.rows', { asOf: START - DAY })).toEqual([]);
  await expect(exported('alpha:BTCUSDT', 'funding', START - DAY)).resolves.toMatchObject({
    code: 2,
    err: expect.stringContaining(`At ${new Date(START - DAY).toISOString()} the history knew nothing of alpha:BTCUSDT.`) as string,
  });
});
