import { afterEach, describe, expect, test } from 'vitest';
import type { Settings } from '#core/settings.ts';
import { json, type Wire, type Wires } from '#node/demo/wire.ts';
import { START, World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BTC = 'alpha:BTCUSDT';
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const ASSETS = ['BTC', 'ETH', 'SOL', 'XRP', 'BNB', 'DOGE', 'FET', 'TAO', 'WLD', 'NEAR'];

async function open(options: WorldOptions = {}): Promise<void> {
  // A tick in five seconds sees what polls tell.
  world = new World({ speed: 5, ...options });
  for (const market of world.markets.values()) for (const asset of ASSETS) market.list(`${asset}USDT`, { asset });
  await world.start();
  await world.clock.advance(MINUTE);
}
const events = async (kind: string): Promise<(string | null)[]> =>
  (await world.store.events(0, Infinity)).filter((one) => one.kind === kind).map(({ instrument }) => instrument);
const status = async (id: string): Promise<string> => (await world.row(id)).status;

describe('a row that stands still while others move', () => {
  test('is stale, then dead, makes no hour and no signal, and stays listed', async () => {
    await open();
    const stoodAt = world.clock.now();
    world.market().list('BTCUSDT', { asset: 'BTC', rate: () => 0.012, ageMs: (t) => t - stoodAt });
    await world.clock.advance(10 * MINUTE);
    const { observedAt, why, d, status: listed } = await world.row(BTC);
    expect(observedAt).toBeLessThanOrEqual(stoodAt);
    expect({ why, d, listed }).toEqual({ why: 'stale', d: null, listed: 'live' });
    await world.clock.advance(2 * HOUR);
    const hours = await world.store.hours(BTC, 0, Infinity);
    // What was observed before it stood still, and nothing since.
    expect([...hours.close]).toEqual([START + 30 * MINUTE]);
    expect([...hours.rate]).toEqual([0.0001]);
    expect((await world.store.hours('alpha:ETHUSDT', 0, Infinity)).close.length).toBe(2);
    expect((await world.call('metrics.matrix', { list: 'majors' })).find(({ asset }) => asset === 'BTC')?.cells).toMatchObject([
      { f: null, left: 'stale' },
    ]);
    expect(await events('delisted')).toEqual([]);
    expect(await world.health()).toMatchObject({ state: 'healthy', instruments: ASSETS.length });
    world.market().list('BTCUSDT', { asset: 'BTC', rate: () => 0.0002 });
    await world.clock.advance(MINUTE);
    expect(await world.row(BTC)).toMatchObject({ why: null, rate: 0.0002 });
  });

  test('dead when it is first seen: shown so, and not an observation of now', async () => {
    await open();
    world.market().list('OLDUSDT', { asset: 'OLD', rate: () => 0.012, ageMs: () => 20 * MINUTE });
    await world.clock.advance(MINUTE);
    await world.call('watchlist.add', { list: 'majors', instrument: 'alpha:OLDUSDT' });
    expect(await world.row('alpha:OLDUSDT')).toMatchObject({ why: 'stale', d: null, f: null });
    await world.clock.advance(HOUR);
    expect((await world.store.hours('alpha:OLDUSDT', 0, Infinity)).close).toHaveLength(0);
    expect((await world.store.snapshots('alpha:OLDUSDT', 0, Infinity)).observedAt).toHaveLength(0);
  });
});

describe('an absurd price', () => {
  test('of one coin costs that coin: the venue goes on, and the words name it', async () => {
    await open();
    const from = world.clock.now();
    for (let i = 0; i < 20; i++) {
      world.market().list('BTCUSDT', { asset: 'BTC', mark: i % 2 === 0 ? 1e308 : -1e308 });
      await world.clock.advance(30_000);
    }
    expect((await world.store.snapshots('alpha:ETHUSDT', from, Infinity)).observedAt.length).toBeGreaterThan(15);
    expect((await world.store.events(0, Infinity)).filter(({ kind }) => kind === 'refused')).toMatchObject([
      { instrument: BTC, text: expect.stringMatching(/^mark price 1e\+308 is beyond any price/u) as string },
    ]);
    expect(await events('delisted')).toEqual([]);
    expect((await world.call('history.status', {})).notices).toEqual([]);
  });

  test('that is 16 times what it was is held back until the next poll agrees', async () => {
    await open();
    const after = async (mark: number): Promise<number | null> => {
      world.market().list('BTCUSDT', { asset: 'BTC', mark });
      await world.clock.advance(30_000);
      const { mark: shown, rate } = await world.row(BTC);
      expect(rate).toBe(0.0001);
      return shown;
    };
    expect([await after(1599), await after(1600)]).toEqual([1599, 1600]);
    expect([await after(1600 * 16), await after(1601)]).toEqual([null, 1601]);
    expect([await after(100), await after(3), await after(50)]).toEqual([null, null, null]);
    expect([await after(51), await after(52)]).toEqual([51, 52]);
    const { refused, refusals } = await world.health();
    expect(refused).toBe(4);
    // Which, and why, in the newest words.
    expect(refusals).toEqual([{ symbol: 'BTCUSDT', reason: expect.stringMatching(/^mark price 50 /u) as string }]);
  });

  test('that was held back when the app ended is not believed by the next start', async () => {
    await open();
    const from = world.clock.now();
    const say = async (mark: number): Promise<void> => {
      world.market().list('BTCUSDT', { asset: 'BTC', mark });
      await world.clock.advance(30_000);
    };
    await say(1e11);
    await world.stop();
    await world.clock.advance(10_000);
    world.market().list('BTCUSDT', { asset: 'BTC', mark: 1e-11 });
    await world.start();
    await world.clock.advance(1000);
    await say(1e11);
    await say(101);
    await say(102);
    const { mark } = await world.store.snapshots(BTC, from + 1, Infinity);
    expect([...new Set(mark.filter((price) => !Number.isNaN(price)))]).toEqual([102]);
  });
});

describe('a market that lost over a fifth', () => {
  const lose = (count: number): void => ASSETS.slice(0, count).forEach((asset) => world.market().hidden.add(`${asset}USDT`));

  test('stays degraded, delists nothing and says so until it comes back', async () => {
    await open();
    lose(3);
    await world.clock.advance(20 * MINUTE);
    expect(await world.health()).toMatchObject({
      state: 'degraded',
      instruments: ASSETS.length,
      missing: 3,
      error: expect.stringContaining('Alpha told of 7 of its 10 instruments only') as string,
    });
    expect(await status(BTC)).toBe('live');
    expect(await events('delisted')).toEqual([]);
    world.market().hidden.clear();
    await world.clock.advance(30_000);
    expect(await world.health()).toMatchObject({ state: 'healthy', missing: 0, error: null });
  });

  test('also after a restart', async () => {
    await open();
    lose(3);
    await world.clock.advance(30 * MINUTE);
    await world.stop();
    await world.start();
    await world.clock.advance(10 * MINUTE);
    expect(await world.health()).toMatchObject({ state: 'degraded', instruments: ASSETS.length, missing: 3 });
    expect(await status(BTC)).toBe('live');
    expect(await events('delisted')).toEqual([]);
  });

  test('a person says that it is right: then they are gone, and stay gone after a restart', async () => {
    await open();
    lose(3);
    await world.clock.advance(10 * MINUTE + 5000);
    await world.call('venues.delist', { venue: 'alpha' });
    await world.clock.advance(1000);
    expect(await world.health()).toMatchObject({ state: 'healthy', instruments: 7, missing: 0 });
    expect(await status(BTC)).toBe('unlisted');
    expect(await events('delisted')).toHaveLength(3);
    await expect(world.call('venues.delist', { venue: 'alpha' })).rejects.toThrow('Alpha tells of all its instruments again.');
    await world.stop();
    await world.start();
    await world.clock.advance(5 * MINUTE);
    expect(await world.health()).toMatchObject({ state: 'healthy', instruments: 7 });
    expect(await status(BTC)).toBe('unlisted');
    expect(await events('delisted')).toHaveLength(3);
  });

  test('what cannot be read is not missing: it delists nothing, and the words say which it is', async () => {
    await open();
    for (const asset of ASSETS.slice(0, 2)) world.market().spoilt.add(`${asset}USDT`);
    await world.clock.advance(5 * MINUTE);
    expect(await world.health()).toMatchObject({ state: 'healthy', instruments: ASSETS.length, missing: 0 });
    world.market().spoilt.add('SOLUSDT');
    await world.clock.advance(5 * MINUTE);
    expect(await world.health()).toMatchObject({
      state: 'degraded',
      missing: 0,
      error: expect.stringContaining('the rows of 3 could not be read') as string,
    });
    expect(await events('delisted')).toEqual([]);
    world.market().spoilt.clear();
    await world.clock.advance(MINUTE);
    expect(await world.health()).toMatchObject({ state: 'healthy', error: null });
  });

  test('what the venue itself says to be over is not missing', async () => {
    await open();
    for (const asset of ASSETS.slice(0, 4)) world.market().closed.add(`${asset}USDT`);
    await world.clock.advance(30_000);
    expect(await world.health()).toMatchObject({ state: 'healthy', instruments: 6 });
    expect(await status(BTC)).toBe('unlisted');
    expect(await events('delisted')).toHaveLength(4);
  });
});

test('a file that breaks the rows of one venue: the others go on, and it is told once, with the cause', async () => {
  await open({ venues: ['alpha', 'beta'] });
  world.failingPolls.add('alpha');
  await world.clock.advance(5 * MINUTE);
  const told = world.events.filter(({ name }) => name === 'app.notice');
  expect(told).toHaveLength(1);
  expect(JSON.stringify(told)).toContain('the disk is full.');
  expect(world.logged.filter((line) => line.includes('could not record a poll of Alpha')).length).toBeGreaterThan(5);
  expect(world.logged.filter((line) => line.includes('could not record a poll of Beta'))).toEqual([]);
});

/** Binance as its own documentation writes it: GET premiumIndex with a time in every row, exchangeInfo, fundingInfo. */
describe('Binance', () => {
  const market = {
    rows: new Map<string, { rate: string; time: number | null }>(),
    listed: new Set<string>(),
    listFails: false,
    /** Paths that fail besides. */
    failing: new Set<string>(),
  };
  const wire: Wire = ({ path, query }, now) => {
    if (market.failing.has(path)) return json({ code: -1000, msg: 'secret words of a server' }, 503);
    if (path === '/fapi/v1/premiumIndex')
      return json(
        [...market.rows].map(([symbol, { rate, time }]) => ({
          symbol,
          markPrice: '100.00000000',
          indexPrice: '100.01000000',
          estimatedSettlePrice: '100.00000000',
          lastFundingRate: rate,
          interestRate: '0.00010000',
          nextFundingTime: (Math.floor(now / (8 * HOUR)) + 1) * 8 * HOUR,
          time: time ?? now - 400,
        })),
      );
    if (path === '/fapi/v1/exchangeInfo')
      return market.listFails
        ? json({ code: -1000, msg: 'An unknown error occurred.' }, 500)
        : json({
            symbols: [...market.listed].map((symbol) => ({
              symbol,
              pair: symbol,
              contractType: 'PERPETUAL',
              status: 'TRADING',
              baseAsset: symbol.slice(0, -4),
              quoteAsset: 'USDT',
              marginAsset: 'USDT',
            })),
          });
    if (path === '/fapi/v1/fundingInfo')
      return json([{ symbol: 'BLZUSDT', adjustedFundingRateCap: '0.03', adjustedFundingRateFloor: '-0.03', fundingIntervalHours: 4 }]);
    if (path === '/fapi/v1/openInterest') return json({ symbol: query.get('symbol'), openInterest: '10659.509', time: now });
    // No month is published.
    if (path.endsWith('.zip')) return json('Not Found', 404);
    if (path === '/fapi/v1/depth') return json({ lastUpdateId: 1, E: now, T: now, bids: [['99.9', '8']], asks: [['100.1', '8']] });
    return json([]);
  };
  const off = (settings: Settings): Settings => ({
    ...settings,
    venues: Object.fromEntries(
      ['binance', 'bybit', 'hyperliquid'].map((id) => [id, { enabled: id === 'binance', url: null, pollSeconds: 30 }]),
    ),
  });
  const add = (symbol: string): unknown => world.call('watchlist.add', { list: 'majors', instrument: `binance:${symbol}` });

  async function openBinance(): Promise<void> {
    market.listFails = false;
    market.failing.clear();
    market.listed = new Set(['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'EOSUSDT', 'DOGEUSDT']);
    market.rows = new Map([...market.listed].map((symbol) => [symbol, { rate: '0.00010000', time: null }]));
    world = new World({
      speed: 5,
      venues: ['binance'],
      wires: { binance: wire, bybit: wire, hyperliquid: wire } satisfies Wires,
      settings: off,
    });
    await world.start();
    await world.clock.advance(MINUTE);
    for (const symbol of ['BTCUSDT', 'EOSUSDT']) await add(symbol);
  }
  const snapshotsSince = async (symbol: string, from: number): Promise<number> =>
    (await world.store.snapshots(`binance:${symbol}`, from, Infinity)).observedAt.length;

  test('a row goes by its own time, also where most of them stand still', async () => {
    await openBinance();
    const stoodAt = world.clock.now() - 20 * MINUTE;
    market.rows.set('BTCUSDT', { rate: '0.01200000', time: stoodAt });
    const from = world.clock.now();
    await world.clock.advance(10 * MINUTE);
    expect(await world.row('binance:BTCUSDT')).toMatchObject({ why: 'stale', d: null, rate: 0.0001 });
    expect(await snapshotsSince('BTCUSDT', from)).toBe(0);
    expect(await snapshotsSince('EOSUSDT', from)).toBeGreaterThan(15);
    expect(await world.health('binance')).toMatchObject({ state: 'healthy' });
    for (const symbol of ['ETHUSDT', 'SOLUSDT', 'XRPUSDT']) market.rows.set(symbol, { rate: '0.01200000', time: from });
    await world.clock.advance(10 * MINUTE);
    expect(await world.health('binance')).toMatchObject({ state: 'healthy', error: null });
    expect(await world.row('binance:EOSUSDT')).toMatchObject({ why: 'warming-up', status: 'live', rate: 0.0001 });
  });

  test('what exchangeInfo no longer lists is not live, however its row goes on; its history is kept', async () => {
    await openBinance();
    market.listed.delete('EOSUSDT');
    await world.clock.advance(HOUR + 5 * MINUTE);
    expect(await world.row('binance:EOSUSDT')).toMatchObject({ status: 'unlisted', d: null, f: null });
    expect(await events('delisted')).toEqual(['binance:EOSUSDT']);
    const from = world.clock.now();
    await world.clock.advance(10 * MINUTE);
    expect(await snapshotsSince('EOSUSDT', from)).toBe(0);
    expect(await snapshotsSince('EOSUSDT', 0)).toBeGreaterThan(50);
    expect(await world.health('binance')).toMatchObject({ state: 'healthy', instruments: 5, refused: 0 });
  });

  test.each([
    ['/fapi/v1/fundingInfo', 'fundingInfo failed, going on with the one from before: Binance USD-M has trouble of its own (503).'],
    ['/fapi/v1/openInterest', 'open interest failed, going on without it: Binance USD-M has trouble of its own (503).'],
    ['/fapi/v1/depth', 'order books failed, going on without them: Binance USD-M has trouble of its own (503).'],
  ])('while %s alone fails the venue says so, for as long as it does, and its rates are live', async (path, words) => {
    await openBinance();
    expect(await world.health('binance')).toMatchObject({ state: 'healthy', error: null });
    market.failing.add(path);
    await world.clock.advance(12 * MINUTE);
    for (let i = 0; i < 3; i++) {
      expect(await world.health('binance')).toMatchObject({
        state: 'partial',
        error: `Binance USD-M tells its rates, but not all that goes with them: ${words}`,
      });
      expect(await status('binance:BTCUSDT')).toBe('live');
      await world.clock.advance(MINUTE / 2);
    }
    // Not at every poll, and with what the venue said.
    const logged = world.logged.filter((line) => line.includes('secret words of a server'));
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.length).toBeLessThan(7);
    market.failing.clear();
    await world.clock.advance(16 * MINUTE);
    expect(await world.health('binance')).toMatchObject({ state: 'healthy', error: null });
  });

  test('a list that fails delists nothing and brings nothing back; a symbol that is new to it is there minutes later', async () => {
    await openBinance();
    market.listed.delete('EOSUSDT');
    await world.clock.advance(HOUR + 5 * MINUTE);
    expect(await status('binance:EOSUSDT')).toBe('unlisted');
    market.listFails = true;
    market.listed.delete('BTCUSDT');
    await world.clock.advance(2 * HOUR);
    expect(await status('binance:BTCUSDT')).toBe('live');
    expect(await status('binance:EOSUSDT')).toBe('unlisted');
    market.listFails = false;
    market.listed.add('BTCUSDT').add('NEWUSDT');
    await world.clock.advance(6 * MINUTE);
    market.listed.add('FRESHUSDT');
    for (const symbol of ['NEWUSDT', 'FRESHUSDT']) market.rows.set(symbol, { rate: '0.0001', time: null });
    await world.clock.advance(6 * MINUTE);
    expect((await world.call('instruments.search', { text: 'FRESH', limit: 5 })).map(({ listed }) => listed)).toEqual([true]);
    expect(await status('binance:EOSUSDT')).toBe('unlisted');
  });
});
