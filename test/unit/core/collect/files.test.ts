import { afterEach, expect, test } from 'vitest';
import { createWires } from '#node/demo/market.ts';
import type { Wire, WireAnswer } from '#node/demo/wire.ts';
import { HOUR, World } from '#test/support/world.ts';

const MINUTE = 60_000;
/** In the middle of a month, so that the window of 35 days ends in the month before. */
const NOW = Date.UTC(2026, 9, 14, 0, 30);
/** What the demo serves whole, of months that are over. */
const FIRST = Date.UTC(2026, 6, 10) - 1;
const LAST = Date.UTC(2026, 9, 1) - 1;
const ID = 'binance:BTCUSDT';

/** The demo's own wire of the venue, of which a test may spoil answers. */
class Venue {
  readonly paths: { readonly path: string; readonly at: number }[] = [];
  readonly #wire: Wire;
  spoil: (path: string, answer: () => WireAnswer) => WireAnswer = (_, answer) => answer();
  constructor() {
    const wire = createWires(5).wires['binance'];
    if (wire === undefined) throw new Error('no wire');
    this.#wire = wire;
  }
  /** Before it the API has no settlements, whatever it is asked. */
  beginsAt = 0;
  readonly wire: Wire = (request, now) => {
    this.paths.push({ path: request.path, at: now });
    const query = new URLSearchParams(request.query);
    const start = query.get('startTime');
    if (request.path === '/fapi/v1/fundingRate' && start !== null) query.set('startTime', String(Math.max(Number(start), this.beginsAt)));
    return this.spoil(request.path, () => this.#wire({ ...request, query }, now));
  };
  /** What the API itself would say of (from, to]: [time, rate]. */
  told(from: number, to: number): [number, number][] {
    const query = new URLSearchParams({ symbol: 'BTCUSDT', startTime: String(from + 1), endTime: String(to), limit: '1000' });
    const { body } = this.#wire({ method: 'GET', path: '/fapi/v1/fundingRate', query, body: '' }, NOW);
    return (JSON.parse(body) as { fundingTime: number; fundingRate: string }[]).map((row) => [row.fundingTime, Number(row.fundingRate)]);
  }
  /** Months whose files were asked for since then, in order. */
  months(since = -Infinity): string[] {
    return this.paths.flatMap(({ path, at }) => (at >= since ? (/^.*-fundingRate-(\d{4}-\d\d)\.zip$/u.exec(path)?.slice(1) ?? []) : []));
  }
}

const status = (code: number): WireAnswer => ({
  status: code,
  type: 'application/json',
  body: '{"code":0,"msg":"Service unavailable from a restricted location"}',
});
const blocked: Venue['spoil'] = (path, answer) => (path.startsWith('/fapi/') ? status(451) : answer());

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** Polls are rare: they are not what is looked at here. */
const newWorld = ({ wire }: Venue): World =>
  new World({
    start: NOW,
    venues: ['binance'],
    wires: { binance: wire },
    settings: (one) => ({
      ...one,
      lists: [{ id: 'own', name: 'Own', assets: [], seeded: [], items: [ID] }],
      venues: { binance: { enabled: true, url: null, pollSeconds: 3600 } },
    }),
  });

/** Once started while the API answers, but for its history; then it is refused in this country. */
async function opened(): Promise<Venue> {
  const venue = new Venue();
  world = newWorld(venue);
  venue.spoil = (path, answer) => (/fundingRate|Klines/u.test(path) && path.startsWith('/fapi/') ? status(503) : answer());
  await world.start();
  await world.clock.advance(MINUTE);
  expect(await stored(0, NOW)).toEqual([]);
  await world.stop();
  venue.spoil = blocked;
  return venue;
}
const stored = async (from: number, to: number): Promise<[number, number][]> => {
  const { stamp, rate } = await world.store.settled(ID, from, to);
  return [...stamp].map((one, i) => [one, rate[i] ?? NaN]);
};

test('where the API is refused, settlements of past months come from the files, each with its interval; the month in progress is not asked for', async () => {
  const venue = await opened();
  await world.start();
  await world.clock.advance(3 * MINUTE);
  const told = venue.told(FIRST, LAST);
  expect(told.length).toBeGreaterThan(240);
  expect(await stored(FIRST, LAST)).toEqual(told);
  expect(await stored(LAST, NOW)).toEqual([]);
  const { intervalH } = await world.store.settled(ID, FIRST, LAST);
  expect([...new Set(intervalH)]).toEqual([8]);
  expect(venue.months()).not.toContain('2026-10');
  expect(venue.months()[0]).toBe('2026-09');
  const health = await world.health('binance');
  expect(health.state).toBe('blocked');
  expect(health.error).toContain('Settlements of past months come from the file server of Binance USD-M meanwhile.');
});

test('refused from the first start on, an instrument is added by its symbol, which its newest file proves, and its history comes', async () => {
  const venue = new Venue();
  venue.spoil = blocked;
  world = newWorld(venue);
  world.settings = { ...world.settings, lists: [{ id: 'own', name: 'Own', assets: [], seeded: [], items: [] }] };
  await world.start();
  await world.clock.advance(MINUTE);
  expect(await world.health('binance')).toMatchObject({ state: 'blocked', instruments: 0 });
  expect(await world.call('instruments.search', { text: 'BTC', limit: 5 })).toEqual([]);
  const find = async (symbol: string): Promise<unknown> => {
    const found = world.call('instruments.find', { venue: 'binance', symbol });
    const [outcome] = await Promise.all([found.catch((error: unknown) => (error as Error).message), world.clock.advance(5_000)]);
    return outcome;
  };
  // Not a name of a contract; a name without a file; a file that is not one.
  expect(await find('BTC')).toBe('"BTC" is no name of a perpetual of Binance USD-M: type it as Binance USD-M does.');
  expect(await find('NOSUCHUSDT')).toBe(
    '"NOSUCHUSDT" is not known here: the file server of Binance USD-M has no settlements of it from the last two months.',
  );
  venue.spoil = (path, answer) => (path.endsWith('.zip') ? { ...answer(), body: 'AAAA' } : blocked(path, answer));
  expect(await find('BTCUSDT')).toMatch(
    /^"BTCUSDT" is not known here: .+ has something else: its file of 2026-09: its checksum is another one\.$/u,
  );
  venue.spoil = (path, answer) => (path.startsWith('/data/') ? status(503) : blocked(path, answer));
  expect(await find('BTCUSDT')).toMatch(/^the file server of Binance USD-M has trouble of its own/u);
  expect(await world.store.instruments()).toEqual([]);

  venue.spoil = blocked;
  await world.clock.advance(20 * MINUTE);
  expect(await find('BTCUSDT')).toMatchObject({ id: ID, asset: 'BTC', quote: 'USDT', settle: 'USDT', contract: 'linear' });
  await world.call('watchlist.add', { list: 'own', instrument: ID });
  await world.clock.advance(5 * MINUTE);
  expect(await stored(FIRST, LAST)).toEqual(venue.told(FIRST, LAST));
  // A restart knows it; once the venue answers its own words count.
  await world.stop();
  await world.start();
  expect((await world.call('instruments.search', { text: 'BTC', limit: 5 })).map(({ instrument }) => instrument.id)).toEqual([ID]);
  venue.spoil = (_, answer) => answer();
  await world.call('venues.retry', { venue: 'binance' });
  await world.clock.advance(MINUTE);
  expect(await world.row(ID)).toMatchObject({ status: 'live', instrument: { assetClass: 'crypto' } });
});

test('a month that is not published is a hole that is shown, and asked for again a day later', async () => {
  const venue = await opened();
  venue.spoil = (path, answer) =>
    path.includes('2026-08') ? { status: 404, type: 'application/xml', body: '<Error/>' } : blocked(path, answer);
  await world.start();
  await world.clock.advance(3 * MINUTE);
  const [from, to] = [Date.UTC(2026, 7, 1), Date.UTC(2026, 8, 1) - 1];
  expect(await stored(from - 1, to)).toEqual([]);
  expect(await stored(to, LAST)).toEqual(venue.told(to, LAST));
  expect((await world.health('binance')).holes[0]).toEqual({ symbol: 'BTCUSDT', kind: 'settled', from: from - 1, to });
  const asked = world.clock.now();
  world.clock.sleep(20 * HOUR, true);
  await world.clock.advance(5 * MINUTE);
  expect(venue.months(asked)).toEqual([]);
  venue.spoil = blocked;
  world.clock.sleep(5 * HOUR, true);
  await world.clock.advance(5 * MINUTE);
  expect(venue.months(asked).filter((month) => month === '2026-08')).toHaveLength(1);
  expect(await stored(from - 1, to)).toEqual(venue.told(from - 1, to));
});

test('a kill in the middle goes on with the months that are missing; switched off, nothing more is asked', async () => {
  const venue = await opened();
  await world.start();
  const since = world.clock.now();
  for (let i = 0; i < 200 && venue.months(since).length < 5; i++) await world.clock.advance(100);
  await world.stop();
  const first = venue.months(since);
  expect(first.length).toBeGreaterThanOrEqual(5);
  await world.start();
  await world.call('venues.change', { venue: 'binance', change: { enabled: false } });
  const off = venue.months().length;
  await world.clock.advance(3 * MINUTE);
  expect(venue.months().length).toBeLessThanOrEqual(off + 1);
  await world.call('venues.change', { venue: 'binance', change: { enabled: true } });
  await world.clock.advance(3 * MINUTE);
  expect(await stored(FIRST, LAST)).toEqual(venue.told(FIRST, LAST));
  // What was in flight when it ended is asked for once more, and nothing else.
  const months = venue.months().filter((month) => month >= '2026-01');
  expect(months.length - new Set(months).size).toBeLessThanOrEqual(2);
});

test('rates that are stored stay: another one in a file is a conflict beside it, which is told', async () => {
  const venue = await opened();
  await world.start();
  const at = Date.UTC(2026, 8, 10, 8);
  await world.store.recordSettled(ID, [{ stamp: at + 1, rate: 0.0099, intervalH: null, mark: 61_000, premium: null }], NOW, null);
  await world.clock.advance(3 * MINUTE);
  const filed = venue.told(FIRST, LAST);
  const [other] = filed.filter(([stamp]) => Math.abs(stamp - at) < 1000).map(([, rate]) => rate);
  expect(await stored(FIRST, LAST)).toEqual(filed.map((row) => (Math.abs(row[0] - at) < 1000 ? [at + 1, 0.0099] : row)));
  expect((await world.store.conflicts(0, NOW)).map(({ otherRate }) => otherRate)).toEqual([other]);
  expect(await world.kinds()).toContain('conflict binance');
});

test('an API that does not reach back as far as the files is filled from them, to the first that holds nothing older', async () => {
  const venue = new Venue();
  const cut = Date.UTC(2026, 7, 10);
  world = newWorld(venue);
  venue.beginsAt = cut;
  await world.start();
  await world.clock.advance(3 * MINUTE);
  expect(await stored(0, NOW)).toEqual(expect.arrayContaining(venue.told(cut, LAST)));
  expect(venue.months().slice(0, 3)).toEqual(['2026-08', '2026-07', '2026-06']);
  expect(await stored(FIRST, LAST)).toEqual(venue.told(FIRST, LAST));
});
