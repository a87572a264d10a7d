import { afterEach, beforeAll, expect, test } from 'vitest';
import type { VenueHealth } from '#bridge/contract.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { START, World } from '#test/support/world.ts';

/**
 * A clock that is ten minutes wrong, on either side: real venues on the demo's wires, from six minutes before a settlement of every hour
 * until fourteen after it: one whose clock is behind settles late. What is stored is to be what it is with all clocks right.
 */
const MINUTE = 60_000;
const TEN = 10 * MINUTE;
const FROM = START + 24 * MINUTE;
const UNTIL = START + 44 * MINUTE;
/** With a time of its answer, with one of every row, with none, and one that accrues all the time. */
const ids = ['binance', 'bybit', 'okx', 'hyperliquid', 'deribit'];
/** Fewer than half of those that tell the time: the others agree with this computer. */
const SOME = ['bybit', 'hyperliquid'];

interface Wrong {
  /** What the clocks of `SOME` are ahead by, two minutes after the start. */
  readonly venuesMs?: number;
  /** What this computer's is ahead by: as it starts, or set two minutes later. */
  readonly startsMs?: number;
  readonly setMs?: number;
}
interface Seen {
  /** Of every instrument: its settlements, and when it next settles. */
  readonly stored: Readonly<Record<string, unknown>>;
  /** By venue, what its rows were observed after its answer came. */
  readonly lagMs: Readonly<Record<string, readonly number[]>>;
  readonly health: ReadonlyMap<string, VenueHealth>;
}

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) {
    await world.stop();
    world.dispose();
  }
});

async function lived({ venuesMs = 0, startsMs = 0, setMs = 0 }: Wrong): Promise<Seen> {
  let wallAhead = startsMs;
  let aheadMs = 0;
  const world = new World({
    start: FROM + startsMs,
    venues: ids,
    wires: fewWires(['BTC', 'KAITO']),
    random: () => 0.5,
    settings: (all) => ({
      ...all,
      lists: [{ id: 'all', name: 'All', assets: ['BTC'], seeded: [], items: [] }],
      venues: Object.fromEntries(ids.map((id) => [id, { enabled: true, url: null, pollSeconds: 60 }])),
    }),
    between: (id, answer, now) => answer(now - wallAhead + (SOME.includes(id) ? aheadMs : 0)),
  });
  open.push(world);
  await world.start();
  await world.clock.advance(2 * MINUTE);
  aheadMs = venuesMs;
  world.clock.setWall(setMs);
  wallAhead += setMs;
  await world.clock.until(UNTIL + wallAhead);
  const health = new Map((await world.call('venues.health', {})).map((one) => [one.id, one]));
  const stored: Record<string, unknown> = {};
  const lagMs: Record<string, number[]> = {};
  for (const { instrument, snapshot, observedAt, delisted } of await world.store.latest()) {
    const { key, rate, intervalH } = await world.store.settled(instrument.id, 0, Infinity);
    const settled = Array.from(key, (at, i) => `${new Date(at).toISOString()} ${rate[i]} ${intervalH[i]}`);
    stored[instrument.id] = { settled, next: snapshot.nextFundingAt, delisted };
    const ms = observedAt - (health.get(instrument.venue)?.okAt ?? NaN);
    lagMs[instrument.venue] = [...new Set([...(lagMs[instrument.venue] ?? []), ms])];
  }
  return { stored, lagMs, health };
}

let right: Seen;
beforeAll(async () => {
  right = await lived({});
}, 120_000);

test('with all clocks right an hour is stored once, and nothing is told', () => {
  expect(Object.keys(right.stored)).toContain('hyperliquid:BTC');
  const { settled } = right.stored['hyperliquid:BTC'] as { settled: string[] };
  expect(settled.filter((row) => row.startsWith(new Date(START + 30 * MINUTE).toISOString()))).toHaveLength(1);
  // OKX tells the time 120 ms late.
  expect(right.lagMs).toEqual({ binance: [0], bybit: [0], okx: [-120], hyperliquid: [0], deribit: [0] });
  for (const id of ids) expect(right.health.get(id)).toMatchObject({ state: 'healthy', error: null, aheadMs: 0 });
});

const NAMES: Readonly<Record<string, string>> = { binance: 'Binance USD-M', bybit: 'Bybit', okx: 'OKX', deribit: 'Deribit' };
const PUT_RIGHT = 'Times are put right, but set the clock.';
const ALONE = 'the other sources agree with this computer. It is not believed: its rows go by when they came.';
const all = (words: (name: string) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(NAMES).map(([id, name]) => [id, words(name)]));

const LACKS = 'Hyperliquid tells its rates, but not all that goes with them:';
/** Its rates tell no time, its order books do: a book of the future is refused. */
const FUTURE = 'Hyperliquid sent an answer that Perpscope cannot read. It will ask again.';

interface Case extends Wrong {
  readonly name: string;
  /** What the person reads of each venue; of the others nothing. */
  readonly words: Readonly<Record<string, string>>;
  /** What of its order books. */
  readonly books?: string;
  /** Rows that are refused besides; 0 where it is not said. */
  readonly refused?: Readonly<Record<string, number>>;
  /** Where it is not as ever. */
  readonly okxLagMs?: number;
}
const CASES: readonly Case[] = [
  {
    name: 'venues are ahead',
    venuesMs: TEN,
    words: { bybit: `Bybit's clock is 10 min ahead of this computer's, and ${ALONE}` },
    books: FUTURE,
  },
  {
    name: 'venues are behind',
    venuesMs: -TEN,
    words: { bybit: `Bybit's clock is 10 min behind this computer's, and ${ALONE}` },
    books: 'Hyperliquid repeats an old order book.',
  },
  {
    name: 'this computer is set back',
    setMs: -TEN,
    words: all((name) => `This computer's clock is 10 min behind ${name}'s. ${PUT_RIGHT}`),
  },
  {
    name: 'this computer is set forward',
    setMs: TEN,
    words: all((name) => `This computer's clock is 10 min ahead of ${name}'s. ${PUT_RIGHT}`),
    // Until a venue has told the time the hour in progress seems over: its candle, which has no last price yet, is refused and comes later.
    refused: { okx: 2 },
  },
  {
    name: 'this computer starts ahead',
    startsMs: TEN,
    words: all((name) => `This computer's clock is 10 min ahead of ${name}'s. ${PUT_RIGHT}`),
  },
  {
    name: 'this computer starts behind',
    startsMs: -TEN,
    words: all((name) => `This computer's clock is 10 min behind ${name}'s. Set the clock: until then times are wrong.`),
    // Nothing goes beyond what this computer has shown itself: times are its own until it is set.
    okxLagMs: 0,
    books: FUTURE,
  },
];
test.each(CASES)(
  '$name: every settlement once and with its rate, the next one when it is, each row when it came',
  async ({ words, books, refused = {}, okxLagMs = -120, ...wrong }) => {
    const seen = await lived(wrong);
    expect(seen.stored).toEqual(right.stored);
    expect(seen.lagMs).toEqual({ ...right.lagMs, okx: [okxLagMs] });
    for (const id of ids) {
      const health = seen.health.get(id);
      const lacks = id === 'hyperliquid' && books !== undefined;
      const beside = lacks ? `${LACKS} order books failed, going on without them: ${books}` : null;
      const state = words[id] !== undefined ? 'degraded' : lacks ? 'partial' : 'healthy';
      expect([id, health?.error ?? null, health?.state]).toEqual([id, words[id] ?? beside, state]);
      expect([id, health?.refused]).toEqual([id, (right.health.get(id)?.refused ?? NaN) + (refused[id] ?? 0)]);
    }
  },
  120_000,
);
