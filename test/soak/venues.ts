import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHttp } from '#node/http.ts';
import { HttpError } from '#core/venue-error.ts';
import { type Fault as WireFault, startFakeExchange } from '#test/support/fake-exchange.ts';
import { generator } from '#test/support/generator.ts';
import type { Fault, PaperMarket } from '#test/support/paper-venue.ts';
import { isShort } from '#test/support/short.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const POLL_SECONDS = 300;
/** Of each venue so many are watched, two of each interval: of those every settlement, hour and order book is kept, and checked. */
const WATCHED = 6;
/** Every so many venues polls state the last settlement of each contract, which is kept of those too that nothing follows. */
const STATING = 3;
const OLDEST = START - 3 * DAY;
const INTERVALS_H = [8, 4, 1];
/** After the last fault everything is whole again by then: a ban, a block of an hour and its back-off are over. */
const HEALED_MS = 3 * HOUR;
/** Of what a venue states in polls, so much is kept through its faults at least. */
const LEAST_STATED = 0.25;
/** Until caches have their size. */
const WARM_DAYS = 2;
/** A leak of one small object per row of a poll is far above it. */
const HEAP_PER_DAY_BYTES = 1.5 * 1024 * 1024;

export interface VenuesReport {
  readonly polls: number;
  readonly requests: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly restarts: number;
  readonly sleeps: number;
  /** Of watched contracts: every one that was due. */
  readonly settled: number;
  /** Of contracts that nothing follows: those that a poll stated, each as it was and none twice. */
  readonly stated: number;
  /** Of the fake clock at the end of each day. */
  readonly timers: readonly number[];
  readonly handles: readonly number[];
  /** Heap and resident memory after each day, bytes, garbage collected. */
  readonly heap: readonly number[];
  /** How much each space of the heap holds after each day, bytes. */
  readonly spaces: readonly Readonly<Record<string, number>>[];
  readonly rss: readonly number[];
}

const status = (code: number, body = '', headers: Record<string, string> = {}): Fault => ({ kind: 'status', status: code, body, headers });
/** Answers of history are made otherwise for a while. */
function paged(market: PaperMarket, page: PaperMarket['page']): () => void {
  market.page = page;
  return () => (market.page = (rows) => rows);
}
/** Fisher and Yates. */
function shuffled(rows: readonly unknown[], random: () => number): readonly unknown[] {
  const all = [...rows];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}
/** What a venue does wrong for a while. A function spoils the market itself, and gives back what mends it. */
const FAULTS: Readonly<Record<string, Fault | ((market: PaperMarket, random: () => number, now: number) => Fault | (() => void))>> = {
  'refused connection': { kind: 'network' },
  'no answer': { kind: 'hang' },
  '429 with Retry-After': status(429, 'slow down', { 'retry-after': '120' }),
  '429 without': status(429, 'slow down'),
  '418 with an end': (_, random, now) =>
    status(418, JSON.stringify({ msg: `banned until ${Math.round(now + (5 + random() * 30) * MINUTE)}` })),
  '451': status(451, 'not here'),
  '500': status(500, 'oops'),
  '503 as a page': status(503, '<html>away</html>'),
  'a page with 200': status(200, '<!doctype html><title>Just a moment</title>'),
  'half a body': status(200, '{"time":17'),
  'an empty list': status(200, '[]'),
  'wrong types': status(200, '{"time":"soon","rows":{},"closed":7}'),
  'half of its instruments': (market, random) => {
    for (const symbol of market.instruments.keys()) if (random() < 0.5) market.hidden.add(symbol);
    return () => market.hidden.clear();
  },
  'rows that cannot be read': (market, random) => {
    for (const symbol of market.instruments.keys()) if (random() < 0.3) market.spoilt.add(symbol);
    return () => market.spoilt.clear();
  },
  'a clock ten minutes off': (market, random) => {
    market.clockAheadMs = (random() < 0.5 ? -10 : 10) * MINUTE;
    return () => (market.clockAheadMs = 0);
  },
  'every row twice': (market) => paged(market, (rows) => rows.flatMap((row) => [row, row])),
  'rows out of place': (market, random) => paged(market, (rows) => shuffled(rows, random)),
  'a page that repeats': (market) => {
    const first = new Map<string, readonly unknown[]>();
    return paged(market, (rows, of) => {
      if (!first.has(of)) first.set(of, rows);
      return first.get(of) ?? rows;
    });
  },
  'settlements late': (market) => {
    market.publishedAfterMs = 10 * MINUTE;
    return () => (market.publishedAfterMs = 2_000);
  },
};

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return (
    values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)
  );
}
const rateOf = (place: number, t: number): number => 0.0001 + Math.round(Math.sin(t / HOUR + place) * 5000) / 1e8;

/**
 * A whole app over days of its own clock with many venues, each of which fails in every way now and then; the machine sleeps, the app is
 * started again. Throws where a settlement of a watched instrument is lost, comes twice or is another one, or where something grows.
 */
export async function manyVenues(options: { hours: number; venues: number; symbols: number; seed: number }): Promise<VenuesReport> {
  const { hours, seed } = options;
  const random = generator(seed);
  const collect = collector();
  const ids = Array.from({ length: options.venues }, (_, i) => `venue-${i}`);
  const watched = Math.min(WATCHED, options.symbols);
  const items = ids.flatMap((id) => Array.from({ length: watched }, (_, i) => `${id}:C${i}USDT`));
  const world = new World({
    venues: ids,
    random,
    settings: (one) => ({
      ...one,
      lists: [{ id: 'own', name: 'Own', assets: [], seeded: [], items }],
      venues: Object.fromEntries(ids.map((id) => [id, { enabled: true, url: null, pollSeconds: POLL_SECONDS }])),
    }),
  });
  for (const [v, id] of ids.entries()) {
    const market = world.market(id);
    market.oldestAt = OLDEST;
    market.statesSettled = v % STATING === 0;
    for (let i = 0; i < options.symbols; i++) {
      const hoursOf = INTERVALS_H[(v + i) % INTERVALS_H.length] ?? 8;
      market.list(`C${i}USDT`, { asset: `C${i}`, rate: (t) => rateOf(v * 1000 + i, t), intervalH: () => hoursOf });
    }
  }
  const count = { polls: 0, requests: 0, restarts: 0, sleeps: 0 };
  const faults: Record<string, number> = {};
  const [timers, handles, heap, rss]: number[][] = [[], [], [], []];
  const spaces: Record<string, number>[] = [];
  const fail = (what: string): never => {
    throw new Error(`hour ${((world.clock.now() - START) / HOUR).toFixed(2)}, seed ${seed}: ${what}`);
  };

  /** Until when each venue fails, and what ends it. */
  const troubled = new Map<string, { readonly until: number; readonly mend: () => void }>();
  function spoil(now: number): void {
    for (const id of ids) {
      const market = world.market(id);
      const trouble = troubled.get(id);
      if (trouble !== undefined && now >= trouble.until) {
        trouble.mend();
        troubled.delete(id);
      } else if (trouble === undefined && random() < 1 / 30) {
        const names = Object.keys(FAULTS);
        const name = names[Math.floor(random() * names.length)] ?? 'no answer';
        const fault = FAULTS[name];
        if (fault === undefined) continue;
        faults[name] = (faults[name] ?? 0) + 1;
        const made = typeof fault === 'function' ? fault(market, random, now) : fault;
        if (typeof made !== 'function') market.fault = made;
        const mend = typeof made === 'function' ? made : () => (market.fault = null);
        troubled.set(id, { until: now + (2 + random() * 40) * MINUTE, mend });
      }
    }
  }

  try {
    await world.start();
    const end = START + hours * HOUR;
    for (let next = START + DAY; world.clock.now() < end;) {
      spoil(world.clock.now());
      const what = random();
      if (what < 0.003) {
        count.sleeps++;
        world.clock.sleep((2 + random() * 60) * MINUTE);
      } else if (what < 0.006) {
        count.restarts++;
        await world.stop();
        await world.start();
      }
      await world.clock.advance(5 * MINUTE);
      const broken = world.logged.filter((line) => line.startsWith('error'));
      if (broken.length > 0) fail(broken.slice(0, 3).join('; '));
      forget();
      if (world.clock.now() < next) continue;
      next += DAY;
      measure();
    }
    for (const { mend } of troubled.values()) mend();
    const faultless = world.clock.now();
    await world.clock.advance(HEALED_MS);
    const settled = await look(faultless);
    const stated = await lookAtStated(faultless);
    forget();
    measure();
    const days = Math.min(heap?.length ?? 0, timers?.length ?? 0);
    if (days > WARM_DAYS + 2) {
      const perDay = slope((heap ?? []).slice(WARM_DAYS));
      if (perDay > HEAP_PER_DAY_BYTES) fail(`the heap grows by ${(perDay / 1e6).toFixed(2)} MB a day: ${String(heap)}`);
    }
    const [most, least] = [Math.max(...(timers ?? [])), Math.min(...(timers ?? []))];
    // A venue has a few: of its poll, its back-off, its budget.
    if (most - least > 4 * ids.length) fail(`timers pile up: ${String(timers)}`);
    if (Math.max(...(handles ?? [])) > (handles?.[0] ?? 0)) fail(`handles pile up: ${String(handles)}`);
    return { ...count, faults, settled, stated, timers: timers ?? [], handles: handles ?? [], heap: heap ?? [], spaces, rss: rss ?? [] };
  } finally {
    await world.stop();
    world.dispose();
  }

  /** What the test itself keeps is not what the app leaks. */
  function forget(): void {
    for (const market of world.markets.values()) {
      count.requests += market.requests.length;
      count.polls += market.count('/market');
      market.requests.length = 0;
    }
    world.events.length = world.logged.length = world.notifications.length = 0;
  }
  function measure(): void {
    collect();
    const memory = process.memoryUsage();
    heap?.push(memory.heapUsed);
    spaces.push(Object.fromEntries(getHeapSpaceStatistics().map(({ space_name, space_used_size }) => [space_name, space_used_size])));
    rss?.push(memory.rss);
    timers?.push(world.clock.pending);
    handles?.push(process.getActiveResourcesInfo().length);
  }

  async function look(until: number): Promise<number> {
    let settled = 0;
    for (const [v, id] of ids.entries()) {
      for (let i = 0; i < watched; i++) {
        const stepMs = (INTERVALS_H[(v + i) % INTERVALS_H.length] ?? 8) * HOUR;
        const { key, rate } = await world.store.settled(`${id}:C${i}USDT`, OLDEST - 1, until);
        const due: number[] = [];
        for (let t = Math.ceil(OLDEST / stepMs) * stepMs; t <= until; t += stepMs) due.push(t);
        const [lost] = due.filter((t) => !key.includes(t));
        if (key.length !== due.length || lost !== undefined)
          fail(
            `${id}:C${i}USDT has ${key.length} settlements instead of ${due.length}; the first that is missing is ${lost === undefined ? 'none' : new Date(lost).toISOString()}`,
          );
        const other = due.findIndex((t, at) => key[at] !== t || rate[at] !== rateOf(v * 1000 + i, t));
        if (other >= 0) fail(`${id}:C${i}USDT: settlement ${other} is ${key[other] ?? 0}, ${rate[other] ?? 0}`);
        settled += key.length;
      }
    }
    return settled;
  }
  /** What was not polled in time is not there: what is there must have been. */
  async function lookAtStated(until: number): Promise<number> {
    let stated = 0;
    for (const [v, id] of ids.entries()) {
      for (let i = watched; i < options.symbols; i++) {
        const stepMs = (INTERVALS_H[(v + i) % INTERVALS_H.length] ?? 8) * HOUR;
        const { key, rate } = await world.store.settled(`${id}:C${i}USDT`, OLDEST - 1, until);
        const other = key.findIndex((t, at) => t % stepMs !== 0 || t <= (key[at - 1] ?? -Infinity) || rate[at] !== rateOf(v * 1000 + i, t));
        if (other >= 0) fail(`${id}:C${i}USDT, which nothing follows: settlement ${other} is ${key[other] ?? 0}, ${rate[other] ?? 0}`);
        // A day's faults cost an hourly settlement at times, never all of a day.
        if (v % STATING === 0 && key.length < ((until - START) / stepMs) * LEAST_STATED)
          fail(`${id}:C${i}USDT has ${key.length} stated settlements`);
        stated += key.length;
      }
    }
    return stated;
  }
}

/** The real way out, with every fault of the wire: after all that, no socket is open but those that are kept for the next request. */
export async function wireFaults(requests: number, seed: number): Promise<{ readonly failed: number; readonly sockets: number }> {
  const random = generator(seed);
  const exchange = await startFakeExchange();
  exchange.route('GET', '/rates', () => ({ rates: Array.from({ length: 50 }, (_, i) => i) }));
  const http = createHttp('loopback');
  const faults: readonly (WireFault | null)[] = [
    null,
    { kind: 'status', status: 503 },
    { kind: 'truncate' },
    { kind: 'cut' },
    { kind: 'reset' },
    { kind: 'html' },
    { kind: 'stall-body' },
    { kind: 'stall-headers' },
    { kind: 'bomb', bytes: 200_000 },
  ];
  let failed = 0;
  try {
    for (let done = 0; done < requests; done += 10) {
      for (let i = 0; i < 10; i++) {
        const fault = faults[Math.floor(random() * faults.length)] ?? null;
        if (fault !== null) exchange.fail(fault);
      }
      const asked = Array.from({ length: 10 }, () =>
        http
          .request({ method: 'GET', url: `${exchange.url}/rates`, deadlineMs: 300, maxBytes: 100_000, proxy: 'off' })
          .catch((error: unknown) => {
            if (!(error instanceof HttpError)) throw error;
            failed += 1;
          }),
      );
      await Promise.all(asked);
      exchange.heal();
    }
    return { failed, sockets: exchange.openSockets() };
  } finally {
    await exchange.close();
  }
}

if (import.meta.main) {
  const [days = isShort ? '0.5' : '7', seed = String(Date.now() % 1e9)] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
  const size = isShort ? { venues: 3, symbols: 40 } : { venues: 12, symbols: 500 };
  console.log(`${days} days of ${size.venues} venues of ${size.symbols} instruments, seed ${seed}`);
  const startedAt = performance.now();
  const report = await manyVenues({ ...size, hours: Number(days) * 24, seed: Number(seed) });
  const megabytes = (all: readonly number[]): string => all.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ');
  console.log(`${report.polls} polls and ${report.requests} requests in all, ${report.restarts} restarts, ${report.sleeps} sleeps`);
  console.log(
    `faults: ${Object.entries(report.faults)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ')}`,
  );
  console.log(`${report.settled} settlements of watched instruments, each once and with its rate`);
  console.log(`${report.stated} settlements of all others as polls stated them, none twice and each with its rate`);
  console.log(`heap after each day, MB: ${megabytes(report.heap)}; resident: ${megabytes(report.rss)}`);
  const warm = report.heap.length > WARM_DAYS + 1 ? WARM_DAYS : 0;
  const grown = (of: string): number => slope(report.spaces.slice(warm).map((one) => one[of] ?? 0)) / 1e6;
  const grows = Object.keys(report.spaces[0] ?? {}).map((of) => [of, grown(of)] as const);
  if (report.heap.length > 1)
    console.log(
      `it grows by ${(slope(report.heap.slice(warm)) / 1e6).toFixed(2)} MB a day after day ${warm + 1}: ${grows
        .filter(([, perDay]) => Math.abs(perDay) >= 0.01)
        .map(([of, perDay]) => `${of} ${perDay.toFixed(2)}`)
        .join(', ')}`,
    );
  console.log(`timers: ${report.timers.join(' ')}; handles: ${report.handles.join(' ')}`);
  const wire = await wireFaults(isShort ? 200 : 3000, Number(seed));
  console.log(`${wire.failed} requests failed on a real wire; ${wire.sockets} sockets are kept open at the end`);
  console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`);
}
