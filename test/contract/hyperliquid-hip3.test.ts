import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VenuePoll, Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { hasFormula, restingRate } from '#domain/metrics/venue-terms.ts';
import { createBuilders } from '#node/venues/hyperliquid/builders.ts';
import { formulaOf } from '#test/support/formulas.ts';
import { body } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/**
 * Bodies after https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint/perpetuals (perpDexs, metaAndAssetCtxs with
 * `dex`, perpConciseAnnotations), .../info-endpoint/spot (spotMeta) and .../api/hip-3-deployer-actions (multipliers, interest, fee scale);
 * values of xyz:XYZ100 and xyz:AAPL are those of 11 September 2026.
 */
const NOW = 1_794_770_400_500;
const NEXT = 1_794_772_800_000;
const HOUR = 3_600_000;

let exchange: FakeExchange;
beforeEach(async () => void (exchange = await startFakeExchange()));
afterEach(() => exchange.close());

type Answers = Partial<Record<'perpDexs' | 'spotMeta' | 'perpConciseAnnotations' | 'xyz' | 'flx', string>>;
/** An unknown dex is answered with null. */
function serve(answers: Answers = {}): void {
  const files: Readonly<Record<string, string>> = { xyz: 'dex-xyz', flx: 'dex-flx' };
  exchange.route('POST', '/info', ({ body: asked }) => {
    const { type, dex = '' } = asked as { type: string; dex?: string };
    const name = type === 'metaAndAssetCtxs' ? dex : type;
    const given = answers[name as keyof Answers];
    if (given !== undefined) return given;
    if (type !== 'metaAndAssetCtxs') return body(`hyperliquid/${type}.json`);
    return files[dex] === undefined ? 'null' : body(`hyperliquid/${files[dex]}.json`);
  });
}

/** The requests of the venue with what they cost. */
function watched(venue: Venue, parts: readonly string[]): { io: VenueIo; asked: VenueRequest[] } {
  const real = ioOf(venue, exchange.url, () => NOW);
  const asked: VenueRequest[] = [];
  return { asked, io: { now: NOW, parts, request: (one) => (asked.push(one), real.request(one)) } };
}
const polled = (parts: readonly string[], venue = createBuilders()): Promise<VenuePoll> => venue.poll(watched(venue, parts).io);
const rowOf = ({ snapshots }: VenuePoll, symbol: string) => snapshots.find((row) => row.symbol === symbol);
const listed = ({ instruments }: VenuePoll, symbol: string) => instruments.find((one) => one.symbol === symbol);

describe('chosen dexes', () => {
  test('only those are asked, each at its own weight; the lists beside them once', async () => {
    serve();
    const venue = createBuilders();
    const { io, asked } = watched(venue, ['xyz', 'flx']);
    await venue.poll(io);
    await venue.poll(io);
    const words = asked.map(({ body: sent, cost }) => [sent, cost] as const);
    const dex = (name: string) => [{ type: 'metaAndAssetCtxs', dex: name }, { weight: 20 }];
    const list = (type: string) => [{ type }, { weight: 20 }];
    expect(words).toEqual([
      ...[dex('xyz'), dex('flx'), list('spotMeta'), list('perpDexs'), list('perpConciseAnnotations')],
      ...[dex('xyz'), dex('flx')],
    ]);
  });

  test('until a person chooses, the usual one', async () => {
    serve();
    const venue = createBuilders();
    const poll = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(new Set(poll.snapshots.map(({ symbol }) => symbol.split(':')[0]))).toEqual(new Set(['xyz']));
  });

  test('what was not asked is not missing; a dex that is no more is', async () => {
    serve();
    const poll = await polled(['xyz', 'abcd']);
    expect(poll.untold).toEqual([{ prefix: 'flx:' }, { prefix: 'para:' }]);
    expect(poll.notes).toEqual(['there is no dex abcd now']);
  });
});

describe('rows', () => {
  test('a row whole: hourly, the oracle as index, its own premium, at rest where its builder set it', async () => {
    serve();
    const poll = await polled(['xyz', 'flx']);
    expect(rowOf(poll, 'xyz:XYZ100')).toEqual({
      symbol: 'xyz:XYZ100',
      rate: 0.00000625,
      intervalH: 1,
      nextFundingAt: NEXT,
      mark: 29_432,
      index: 29_438,
      openInterest: 8_837.92,
      volume24h: 274_087_289.4394002557,
      premium: -0.000220803,
      interestPer8h: 0.00005,
    });
    expect(rowOf(poll, 'xyz:AAPL')?.rate).toBe(-0.0000178177);
    // Its own interest of 0.04 %, halved; one of a multiplier 0 pays nothing; the rest have the usual one.
    expect(['xyz:NVDA', 'flx:COIN', 'flx:NVDA'].map((symbol) => rowOf(poll, symbol)?.interestPer8h)).toEqual([0.0002, 0, 0.0001]);
  });

  test('its resting rate is 0.000625 % an hour at a multiplier of a half, and F is told of none', () => {
    const instrument: FrameInstrument = {
      id: 'hyperliquid-hip3:xyz:XYZ100',
      venue: 'hyperliquid-hip3',
      asset: 'XYZ100',
      money: 'USDC',
      contract: 'linear',
      multiplier: 1,
      formula: formulaOf('hyperliquid-hip3'),
      interestPer8h: 0.00005,
    };
    expect(restingRate(instrument, 1, NOW)).toBeCloseTo(0.00000625, 15);
    expect(hasFormula(instrument, NOW)).toBe(false);
  });

  test('the collateral of the dex is what its contracts settle in, by the index of the token', async () => {
    serve();
    const poll = await polled(['xyz', 'flx']);
    expect(['xyz:NVDA', 'flx:NVDA'].map((symbol) => listed(poll, symbol)?.settle)).toEqual(['USDC', 'USDH']);
  });

  test('one coin on two dexes is two instruments of one asset; a k before the coin is a thousand of it', async () => {
    serve();
    const poll = await polled(['xyz', 'flx']);
    expect(['xyz:NVDA', 'flx:NVDA', 'xyz:kPEPE'].map((symbol) => listed(poll, symbol))).toMatchObject([
      { id: 'hyperliquid-hip3:xyz:NVDA', asset: 'NVDA', multiplier: 1 },
      { id: 'hyperliquid-hip3:flx:NVDA', asset: 'NVDA', multiplier: 1 },
      { id: 'hyperliquid-hip3:xyz:kPEPE', asset: 'PEPE', multiplier: 1000 },
    ]);
  });

  test('shares and indices as their class, however a builder spells it; what is not told is not made up', async () => {
    serve();
    const poll = await polled(['xyz', 'flx']);
    const classes = ['xyz:AAPL', 'xyz:NVDA', 'flx:NVDA', 'xyz:XYZ100', 'flx:COIN', 'xyz:kPEPE'];
    expect(classes.map((symbol) => listed(poll, symbol)?.assetClass)).toEqual(['equity', 'equity', 'equity', 'index', null, null]);
  });

  test('what has ended is told of, what cannot be used costs itself', async () => {
    serve();
    const poll = await polled(['xyz']);
    expect(poll.closed).toEqual(['xyz:OLD']);
    expect(poll.refused).toEqual([
      { symbol: 'flx:GOLD', reason: 'a name that is not of the dex xyz' },
      { symbol: 'xyz:NOFUND', reason: 'no rate' },
    ]);
  });
});

describe('faults', () => {
  test('a dex that fails leaves the others, is noted, and its contracts are not missing', async () => {
    serve({ flx: '[]' });
    const poll = await polled(['flx', 'xyz']);
    expect(rowOf(poll, 'xyz:AAPL')?.rate).toBe(-0.0000178177);
    expect(poll.notes).toEqual([expect.stringContaining('the dex flx failed')]);
    expect(poll.untold).toContainEqual({ prefix: 'flx:' });
  });

  test('all failing is the failure of the first', async () => {
    serve();
    // The list of dexes, which is asked whether there is such a one, fails too.
    exchange.fail({ kind: 'status', status: 503 }, { path: '/info', times: 3 });
    await expect(polled(['xyz', 'flx'])).rejects.toMatchObject({ kind: 'server' });
  });

  test('a pause that is asked for is heard, also by the second dex', async () => {
    serve();
    const venue = createBuilders();
    const { io } = watched(venue, ['xyz', 'flx']);
    await venue.poll(io);
    exchange.fail({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, { path: '/info' });
    await expect(venue.poll(io)).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 7000 });
  });

  test('an unknown dex is answered with status 500 of late, which no list of dexes holds: it is none, and one that is listed has a fault', async () => {
    serve();
    const venue = createBuilders();
    const { io } = watched(venue, ['xyz', 'abcd']);
    const failing = (dex: string): VenueIo => ({
      ...io,
      request: (one) =>
        (one.body as { dex?: string }).dex === dex
          ? Promise.reject(new VenueError('server', 'Hyperliquid answers with a fault.', 'status 500, null'))
          : io.request(one),
    });
    const poll = await venue.poll(failing('abcd'));
    expect(rowOf(poll, 'xyz:AAPL')?.rate).toBe(-0.0000178177);
    expect(poll.notes).toEqual(['there is no dex abcd now']);
    await expect(venue.poll({ ...failing('abcd'), parts: ['abcd'] })).rejects.toMatchObject({
      user: expect.stringContaining('Choose others') as unknown,
    });
    await expect(venue.poll({ ...failing('xyz'), parts: ['xyz'] })).rejects.toMatchObject({ kind: 'server' });
  });

  test('where none of the chosen dexes is there any more a person is told what to do', async () => {
    serve();
    await expect(polled(['abcd', 'gone'])).rejects.toMatchObject({
      kind: 'malformed',
      user: 'Hyperliquid has no dex named abcd, gone now. Choose others in Venues.',
    });
  });

  test('without the list of dexes the interest is one that could not be read, and nothing is missing', async () => {
    serve({ perpDexs: '{}' });
    const poll = await polled(['xyz']);
    expect(rowOf(poll, 'xyz:AAPL')).toMatchObject({ interestPer8h: null, interestUnread: true });
    expect(poll.untold).toEqual([{}]);
  });

  test.each([
    ['a token without a name', { spotMeta: '{"tokens":[{"name":"USDC","index":0}]}' }, ['flx']],
    ['no token at all', { flx: body('hyperliquid/dex-flx.json').replace('"collateralToken": 360', '"collateralToken": null') }, ['flx']],
  ])('%s: nothing is guessed of what contracts settle in', async (_, answers, parts) => {
    serve(answers);
    await expect(polled(parts)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('settles in a token') as string,
    });
  });
});

describe('what is asked by contract', () => {
  test('rules: tiers of the dex, and what its builder takes of the fees', async () => {
    serve();
    const venue = createBuilders();
    const io = ioOf(venue, exchange.url, () => NOW);
    const nvda = await venue.orderRules(io, 'xyz:NVDA');
    expect(nvda).toMatchObject({
      lotStep: '0.001',
      maxLeverage: '20',
      maintenance: { kind: 'half-initial', tiers: [{ floor: '0' }, { floor: '5000000.0', maxLeverage: '10' }] },
    });
    expect(nvda.notes).toEqual([
      'Hyperliquid allows isolated margin only here.',
      'Prices have at most five significant figures: the tick is that of the price now.',
      'Orders are at least 10 USDC, as Hyperliquid documents it.',
      // scale + 1 where the scale is below 1.
      "Fees are 1.5 times those of Hyperliquid's own perpetuals, the builder's share in them.",
    ]);
    // Twice, and a tenth of that in growth mode.
    expect((await venue.orderRules(io, 'xyz:AAPL')).notes.at(-1)).toContain('Fees are 0.2 times');
    expect((await venue.orderRules(io, 'flx:NVDA')).notes).toContain('Orders are at least 10 USDH, as Hyperliquid documents it.');
    await expect(venue.orderRules(io, 'xyz:OLD')).rejects.toMatchObject({ user: 'Hyperliquid HIP-3 does not list xyz:OLD now.' });
    await expect(venue.orderRules(io, 'abcd:X')).rejects.toMatchObject({ kind: 'malformed' });
  });

  test('settlements name the coin with its dex', async () => {
    exchange.route('POST', '/info', () => [
      { coin: 'xyz:XYZ100', fundingRate: '0.00000625', premium: '-0.000009148', time: 1_789_142_400_047 },
      { coin: 'xyz:XYZ100', fundingRate: '0.00000625', premium: '-0.0001360247', time: 1_789_146_000_028 },
    ]);
    const venue = createBuilders();
    const to = 1_789_146_000_028;
    const rows = [];
    for await (const page of venue.settled(
      ioOf(venue, exchange.url, () => to),
      'xyz:XYZ100',
      to - 2 * HOUR,
      to,
    ))
      rows.push(...page.rows);
    expect(exchange.requests[0]?.body).toEqual({ type: 'fundingHistory', coin: 'xyz:XYZ100', startTime: to - 2 * HOUR + 1, endTime: to });
    expect(rows.map(({ rate, intervalH, premium }) => [rate, intervalH, premium])).toEqual([
      [0.00000625, 1, -0.000009148],
      [0.00000625, 1, -0.0001360247],
    ]);
  });

  test('a new account pays twice the fees of the exchange’s own perpetuals, and a tenth of that in growth mode', () => {
    const { fees } = createBuilders();
    expect(fees?.perp[0]).toEqual({ name: 'Tier 0', maker: 0.0003, taker: 0.0009 });
    expect(fees?.perp.find(({ name }) => name === 'Tier 0, growth mode')).toMatchObject({ maker: 0.00003, taker: 0.00009 });
  });
});
