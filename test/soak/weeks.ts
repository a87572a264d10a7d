import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { generator } from '#test/support/generator.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
/** Days until caches, the sparkline's week aside, have their size. */
const WARM_DAYS = 2;
/** The goal for a run of weeks, after the warm-up; a leak of one small object per poll is above it. */
const HEAP_PER_10K_POLLS_BYTES = 1024 * 1024;
/** Newer hours and settlements may still be on their way when the run ends. */
const SETTLED_BY_THEN = 30 * MINUTE;

export interface WeeksReport {
  readonly polls: number;
  readonly restarts: number;
  readonly outages: number;
  readonly sleeps: number;
  /** Of one instrument each: those of the venue without faults, and of the one with. */
  readonly hours: number;
  readonly settled: number;
  readonly entries: number;
  readonly databaseBytes: number;
  /** Heap after each day, bytes, garbage collected. */
  readonly heap: readonly number[];
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Slope of a straight line through the values, per step. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const up = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  return up / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
}

/**
 * A whole app over days of its own clock: two venues polled every 30 s, one of them with outages, the machine asleep now and
 * then, a restart on most days; every `apartH` hours one of these may happen. Throws at the first thing that was lost, that differs from the replay or that grows.
 */
export async function weeks({ days, seed, apartH = 4 }: { days: number; seed: number; apartH?: number }): Promise<WeeksReport> {
  const random = generator(seed);
  const collect = garbageCollector();
  const world = new World({ venues: ['steady', 'shaky'], random });
  const fail = (what: string): never => {
    throw new Error(`day ${((world.clock.now() - START) / DAY).toFixed(2)}, seed ${seed}: ${what}`);
  };
  const count = { polls: 0, restarts: 0, outages: 0, sleeps: 0 };
  const heap: number[] = [];
  for (const [id, intervalH] of [
    ['steady', 8],
    ['shaky', 1],
  ] as const) {
    const market = world.market(id);
    market.oldestAt = START - 10 * DAY;
    for (const [i, asset] of ['BTC', 'ETH', 'SOL', 'TAO', 'FET', 'PEPE'].entries()) {
      const swing = (t: number): number => Math.sin(t / ((5 + i) * HOUR)) ** 9 * 0.0009 * intervalH;
      market.list(`${asset}USDT`, { asset, rate: (t) => 0.0001 + swing(t), intervalH: () => intervalH });
    }
  }

  try {
    await world.start();
    for (let day = 0; day < days; day++) {
      await live(Math.min(1, days - day) * DAY);
      count.polls += world.market('steady').count('/market') + world.market('shaky').count('/market');
      for (const market of world.markets.values()) market.requests.length = 0;
      world.events.length = world.logged.length = world.notifications.length = 0;
      collect();
      heap.push(process.memoryUsage().heapUsed);
    }
    return await look();
  } finally {
    await world.stop();
    world.dispose();
  }

  /** Stretches of so many hours; in some of them something happens. */
  async function live(forMs: number): Promise<void> {
    const { clock } = world;
    const end = clock.now() + forMs;
    while (clock.now() < end) {
      const what = random();
      const awayMs = Math.round((2 + random() * 40) * MINUTE);
      if (what < 0.2) {
        count.outages++;
        world.market('shaky').fault = random() < 0.5 ? { kind: 'network' } : { kind: 'status', status: 503, body: '<html>away</html>' };
        await clock.advance(awayMs);
        world.market('shaky').fault = null;
      } else if (what < 0.3) {
        count.sleeps++;
        clock.sleep(awayMs);
      } else if (what < 0.45) {
        count.restarts++;
        await world.stop();
        await world.start();
      }
      await clock.until(Math.min(end, clock.now() + apartH * HOUR));
      const broken = world.logged.filter((line) => line.startsWith('error'));
      if (broken.length > 0) fail(broken.join('; '));
    }
  }

  async function look(): Promise<WeeksReport> {
    const { clock, store } = world;
    await clock.advance(10 * MINUTE);
    const until = clock.now() - SETTLED_BY_THEN;
    let [hours, settled, entries] = [0, 0, 0];
    for (const [venue, intervalH] of [
      ['steady', 8],
      ['shaky', 1],
    ] as const) {
      const id = `${venue}:TAOUSDT`;
      const from = START - 10 * DAY;
      const keys = (await store.settled(id, from, until)).key;
      const due = Math.floor(until / (intervalH * HOUR)) - Math.ceil(from / (intervalH * HOUR)) + 1;
      if (keys.length !== due) fail(`${id} has ${keys.length} settlements instead of ${due}`);
      settled += keys.length;
      hours += (await store.hours(id, START, until)).close.length;

      const replay = await world.call('history.divergence', { instrument: id, from: null });
      const gaps = replay.kind.filter((kind, i) => kind !== 1 && kind !== 2 && (replay.time[i] ?? 0) > from + DAY).length;
      if (gaps > 0) fail(`${id} has ${gaps} hours without a rate although every settlement is there`);
      const replayed = new Set([...replay.entryAt]);
      for (const { at } of await world.person.signals(id, START, until, null)) {
        entries++;
        if (!replayed.has(at)) fail(`${id} was told to be active at ${new Date(at).toISOString()}, which no replay finds`);
      }
      const row = await world.row(id);
      if (row.spark.at(-1) !== replay.d.at(-1))
        fail(`${id} shows ${String(row.spark.at(-1))}, its history gives ${String(replay.d.at(-1))}`);
    }
    const asleepOrAway = count.sleeps + count.outages;
    const expected = (2 * (until - START)) / HOUR;
    if (hours < expected - 2 * asleepOrAway - 2) fail(`${hours} hours were closed, of ${expected.toFixed(0)}`);

    const perDay = slope(heap.slice(WARM_DAYS));
    const per10k = (perDay * days * 10_000) / count.polls;
    if (heap.length > WARM_DAYS + 2 && per10k > HEAP_PER_10K_POLLS_BYTES)
      fail(`the heap grows by ${(per10k / 1e6).toFixed(2)} MB per 10,000 polls`);
    const { bytes, walBytes } = await world.call('history.status', {});
    return { ...count, hours, settled, entries, databaseBytes: bytes + walBytes, heap };
  }
}

if (import.meta.main) {
  const [days = '7', seed = String(Date.now() % 1e9)] = process.argv.slice(2);
  console.log(`${days} days of two venues, seed ${seed}`);
  const { polls, restarts, outages, sleeps, hours, settled, entries, databaseBytes, heap } = await weeks({
    days: Number(days),
    seed: Number(seed),
  });
  console.log(`${polls} polls, ${restarts} restarts, ${outages} outages, ${sleeps} sleeps: nothing lost, live equal to the replay`);
  console.log(
    `${hours} hours and ${settled} settlements of two instruments, ${entries} entries told; ${(databaseBytes / 1e6).toFixed(1)} MB on disk`,
  );
  console.log(`heap after each day, MB: ${heap.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')}`);
}
