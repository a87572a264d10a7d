import type { CallOutput, WatchRow } from '#bridge/contract.ts';
import { readRows, rowKind } from '#core/read/metrics/metric-frames.ts';
import { ofSubject } from '#core/read/metrics/metric-walk.ts';
import { type HistoryAsOf, historyAsOf } from '#core/read/history-as-of.ts';
import { replayed } from '#test/support/replay.ts';
import { resolveChoice } from '#core/read/metrics/metric-choice.ts';
import type { AlertSave } from '#bridge/alert.ts';
import { METRICS } from '#domain/metrics/index.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { type FrameInstrument } from '#domain/metrics/frames/frames.ts';
import type { Settings } from '#core/settings.ts';
import { Cells } from '#test/support/cells.ts';
import { formulaOf } from '#test/support/formulas.ts';
import { generator } from '#test/support/generator.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
/** Newest rows that are compared. */
const ROWS = 30;
/** Hours close within it, settlements that are late aside. */
const CLOSED_MS = 6 * MINUTE;

/** By turns, with chance in the details. */
const HAPPENS = ['late', 'corrected', 'restart', 'late', 'nothing'] as const;

type Series = CallOutput<'metrics.series'>;

export interface AsOfReport {
  readonly moments: number;
  /** Cells and other fields of rows of the list that were compared. */
  readonly cells: number;
  /** Moments at which the time machine stood, forwards and back, and showed what was shown; entries of the log of alerts among it. */
  readonly looks: number;
  readonly entries: number;
  /** Values that were shown, and how many of them a later word has changed since: what a read of now would get wrong. */
  readonly values: number;
  readonly changedSince: number;
  readonly late: number;
  readonly corrected: number;
  readonly restarts: number;
}

interface Shown {
  readonly at: number;
  readonly id: string;
  readonly metric: string;
  readonly rows: string;
}

/** The whole list as it stood: what every row showed, and what the person's settings were. */
interface Listed {
  readonly at: number;
  readonly cells: Readonly<Record<string, string>>;
  readonly settings: Settings;
  /** Rows, matrix and log of alerts. */
  readonly screen: string;
}

const INVERSE = 'bybit:BTCUSD';
const VENUES = ['binance', 'bybit', 'okx'];

/** One that tells often. */
const ALERT: AlertSave = {
  id: null,
  name: 'Often',
  on: { instrument: 'binance:BTCUSDT', among: null },
  conditions: [{ choice: { metric: 'ema-divergence', params: {} }, op: 'outside', level: 1e-7 }],
  k: 1,
  enabled: true,
};

const ON_BOOK = new Set(METRICS.filter(({ on }) => on === 'book').map(({ name }) => name));

/** Whether there once was a book is known only to the run that held it: "stale" to that one, "gap" to the next; neither shows a value. */
const hasNoBook = (cell: string | undefined): boolean => cell !== undefined && /"value":null,"reason":"(?:stale|gap)"/u.test(cell);

const newest = ({ time, value, reason }: Pick<Series, 'time' | 'value' | 'reason'>): string =>
  JSON.stringify([[...time.slice(-ROWS)], [...value.slice(-ROWS)].map(String), [...reason.slice(-ROWS)]]);

/**
 * A whole app over days of its own clock with settlements that come late, candles that are corrected, rows that stand still, an interval
 * that changes, a delisting and restarts, on linear and inverse instruments of venues with and without a premium of their own. What
 * every metric showed at a moment, as rows and in its cells, is read again as of that moment at the end: the cells by a whole app that
 * reads nothing but what was known then, on a clock that stands there. Throws at the first difference.
 * Looks are up to `apart` hours apart; of the series one in `parts` is read at each, by turns.
 */
export async function asOfSoak({
  days,
  seed,
  apart = 3,
  parts = 1,
}: {
  days: number;
  seed: number;
  apart?: number;
  parts?: number;
}): Promise<AsOfReport> {
  const random = generator(seed);
  const world = new World({
    venues: VENUES,
    random,
    settings: (same) => ({ ...same, lists: [...same.lists, { id: 'own', name: 'Own', assets: [], seeded: [], items: [INVERSE] }] }),
  });
  const [binance, bybit, okx] = [world.market('binance'), world.market('bybit'), world.market('okx')];
  const shorter = START + (0.4 + 0.3 * random()) * days * DAY;
  const gone = START + (0.5 + 0.3 * random()) * days * DAY;
  const count = { moments: 0, cells: 0, looks: 0, entries: 0, values: 0, changedSince: 0, late: 0, corrected: 0, restarts: 0 };
  const shown: Shown[] = [];
  const lists: Listed[] = [];
  const cells = new Cells(world, 'majors');
  const fail = (what: string): never => {
    throw new Error(`seed ${seed}: ${what}`);
  };
  for (const market of [binance, bybit, okx]) {
    market.oldestAt = START - 8 * DAY;
    for (const [i, asset] of ['BTC', 'ETH'].entries()) {
      market.list(`${asset}USDT`, {
        asset,
        index: 100.05,
        rate: (t) => 0.0001 + Math.sin(t / ((4 + i) * HOUR)) ** 9 * 0.004,
        intervalH: (t) => (asset === 'ETH' && t >= shorter ? 1 : 4),
        cap: (t) => (t < shorter ? 0.02 : 0.004),
        openInterest: (t) => 1000 + Math.round(Math.sin(t / (7 * HOUR)) * 300),
        bids: (t) => 10 + 5 * Math.sin(t / HOUR),
        // Its row stands still for some minutes of each hour.
        ageMs: (t) => (asset === 'ETH' && t % HOUR > 50 * MINUTE ? (t % HOUR) - 50 * MINUTE : 0),
        ...(market === okx && { premium: (t: number) => Math.sin(t / (3 * HOUR)) / 1000 }),
      });
    }
  }
  bybit.list('BTCUSD', {
    asset: 'BTC',
    contract: 'inverse',
    contractSize: 100,
    counted: 'contracts',
    index: 99.9,
    rate: (t) => 0.0002 + Math.sin(t / (5 * HOUR)) ** 9 * 0.002,
    openInterest: (t) => 5000 + Math.round(Math.sin(t / (7 * HOUR)) * 300),
  });
  // The first word of some candles is put right when they are asked for again.
  let correction = 0;
  binance.spoil = (row) =>
    row.close !== undefined && row.mark !== null && row.mark !== undefined ? { ...row, mark: row.mark + correction } : row;
  const ids = ['binance:BTCUSDT', 'bybit:ETHUSDT', 'okx:BTCUSDT', INVERSE];
  const allIds = [...VENUES.flatMap((venue) => [`${venue}:BTCUSDT`, `${venue}:ETHUSDT`]), INVERSE];
  const legsOf = (id: string): readonly string[] => {
    const asset = id.split(':')[1]?.slice(0, 3) ?? '';
    // In the order of the app: venue by venue, by id.
    return VENUES.flatMap((venue) => allIds.filter((one) => one.startsWith(`${venue}:${asset}`)).sort());
  };

  try {
    await world.start();
    await cells.follow();
    await world.call('alerts.save', ALERT);
    await world.clock.advance(10 * MINUTE);
    const basket = world.settings.lists[0]?.items ?? [];
    for (let i = 0; world.clock.now() < START + days * DAY; i++) {
      const what = HAPPENS[i % HAPPENS.length];
      bybit.publishedAfterMs = what === 'late' ? Math.round((60 + 40 * random()) * MINUTE) : 2_000;
      if (what === 'late') count.late++;
      if (what === 'corrected') {
        count.corrected++;
        correction = Math.round(random() * 40) / 8;
      }
      if (world.clock.now() > gone) bybit.closed.add('ETHUSDT');
      const hours = 1 + Math.floor(random() * apart);
      await world.clock.until((Math.floor(world.clock.now() / HOUR) + hours) * HOUR + CLOSED_MS + Math.round(random() * 40 * MINUTE));
      await look();
      if (what === 'restart') {
        count.restarts++;
        cells.stop();
        await world.stop();
        // What the next start learns is not of the moment that was looked at.
        await world.clock.advance(1_000);
        await world.start();
        await cells.follow();
        await world.clock.advance(2 * MINUTE);
        await look();
      }
    }
    await world.clock.advance(2 * HOUR);
    for (const one of shown) await compare(one, basket);
    for (const one of [...lists, ...lists.toReversed()]) await compareScreen(one);
    for (const one of lists) await compareCells(one);
    return count;
  } finally {
    cells.stop();
    await world.stop();
    world.dispose();
  }

  async function look(): Promise<void> {
    const at = world.clock.now();
    count.moments++;
    const shownCells = await cells.shown(allIds);
    lists.push({ at, cells: shownCells, settings: world.settings, screen: await screenOf(await world.call('watchlist.rows', {}), {}) });
    for (const [place, id] of ids.entries()) {
      for (const { name: metric } of METRICS.filter((_one, n) => (n + place + count.moments) % parts === 0)) {
        shown.push({
          at,
          id,
          metric,
          rows: newest(await world.call('metrics.series', { instrument: id, choice: { metric, params: {} }, list: 'majors', from: null })),
        });
      }
      const { time, d, kind, entryAt } = await world.call('history.divergence', { instrument: id, from: null });
      shown.push({ at, id, metric: 'D', rows: JSON.stringify([time.at(-1), String(d.at(-1)), kind.at(-1), [...entryAt]]) });
      const { spark } = await world.row(id);
      if (!Object.is(spark.at(-1), d.at(-1))) fail(`${id} shows D ${String(spark.at(-1))}, its chart ${String(d.at(-1))}`);
    }
    // What is learnt next is learnt later than what was looked at.
    await world.clock.advance(1);
  }

  /** What else the page shows, of now or (`asOf`) of then. */
  async function screenOf(rows: readonly WatchRow[], asOf: { readonly asOf?: number }): Promise<string> {
    const log = await world.call('alerts.log', { limit: 1000, ...asOf });
    count.entries = Math.max(count.entries, log.length);
    const plain = rows.map((row) => ({ ...row, cells: null, learnt: null, spark: [...row.spark].map(String) }));
    return JSON.stringify([plain, await world.call('metrics.matrix', { list: 'majors', ...asOf }), log]);
  }
  async function compareScreen({ at, screen, settings }: Listed): Promise<void> {
    count.looks++;
    const question = { moment: at, step: null, columns: [], list: 'majors', opens: false };
    const then = await world.call('past.look', question, 'soak');
    const found = await screenOf(then.rows, { asOf: at });
    if (found !== screen) fail(`the screen at ${new Date(at).toISOString()} was ${screen}, the time machine shows ${found}`);
    if (JSON.stringify(then.settings.thresholds) !== JSON.stringify(settings.thresholds)) fail('it shows other thresholds');
  }

  async function compare({ at, id, metric, rows }: Shown, basket: readonly string[]): Promise<void> {
    count.values++;
    const then = await read(at, at, id, metric, basket);
    if (then !== rows)
      fail(`${metric} of ${id} at ${new Date(at).toISOString()} showed ${rows.slice(-900)}, as of then it is ${then.slice(-900)}`);
    if ((await read(null, at, id, metric, basket)) !== rows) count.changedSince++;
  }
  /** By an app of its own over what was known then. */
  async function compareCells({ at, cells: before, settings }: Listed): Promise<void> {
    const then = new World({ venues: VENUES, follows: world, asOf: at, settings: () => settings });
    const again = new Cells(then, 'majors');
    try {
      await then.start();
      await again.follow();
      const found = await again.shown(allIds);
      for (const [what, cell] of Object.entries(before)) {
        count.cells++;
        if (found[what] !== cell && !(ON_BOOK.has(what.split(' ')[1] ?? '') && hasNoBook(cell) && hasNoBook(found[what])))
          fail(`${what} at ${new Date(at).toISOString()} showed ${cell}, as of then it shows ${String(found[what])}`);
      }
    } finally {
      again.stop();
      await then.stop();
      then.dispose();
    }
  }
  async function read(asOf: number | null, at: number, id: string, name: string, basket: readonly string[]): Promise<string> {
    const store = historyAsOf(world.store, asOf);
    if (name === 'D') {
      const { series, d, entries } = await replayed(
        world.store,
        await framed(store, id),
        Math.floor(at / HOUR) * HOUR,
        world.settings.thresholds,
        asOf,
      );
      return JSON.stringify([series.time.at(-1), String(d.at(-1)), series.kind.at(-1), entries.map((entry) => entry.at)]);
    }
    const { metric, params } = resolveChoice({ metric: name, params: {} });
    const kind = rowKind(metric, params);
    const legIds = kind.on === 'basket' ? basket : kind.on === 'asset' ? legsOf(id) : [id];
    const legs: FrameInstrument[] = [];
    for (const leg of legIds) legs.push(await framed(store, leg));
    const to =
      kind.on === 'book' ? at : kind.on === 'bar' ? Math.floor((at - 2_000) / kind.barMs) * kind.barMs : Math.floor(at / HOUR) * HOUR;
    const stored = await readRows(store, { ...kind, legs, from: null, to });
    const run = new MetricRun(metric, params);
    const [time, value, reason]: [number[], number[], number[]] = [[], [], []];
    for (const block of stored.blocks()) {
      const frame = ofSubject(block.frame, id);
      for (let row = block.first; row < block.end; row++) {
        run.push(frame, row);
        time.push(frame.time[row] ?? NaN);
        value.push(run.value);
        reason.push(run.reason);
      }
    }
    return newest({ time: Float64Array.from(time), value: Float64Array.from(value), reason: Uint8Array.from(reason) });
  }
  async function framed(store: HistoryAsOf, id: string): Promise<FrameInstrument> {
    const [venue = ''] = id.split(':');
    return (await store.framed(id, formulaOf(venue))) ?? fail(`${id} is not known`);
  }
}

if (import.meta.main) {
  const [days = '6', seed = String(Date.now() % 1e9)] = process.argv.slice(2);
  console.log(`${days} days of three venues, seed ${seed}`);
  const { moments, cells, looks, entries, values, changedSince, late, corrected, restarts } = await asOfSoak({
    days: Number(days),
    seed: Number(seed),
  });
  console.log(`${moments} moments, ${late} late settlements, ${corrected} corrections, ${restarts} restarts`);
  console.log(`${cells} cells of the list as they were shown are what an app as of then shows`);
  console.log(`${looks} times the time machine stood at one and showed its rows, matrix and log of ${entries} alerts`);
  console.log(`${values} series as they were shown are what a read as of then gives; ${changedSince} of them are others now`);
}
