import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { estimateLiquidation } from '#domain/decisions/liquidation.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { HOUR, START, World } from '#test/support/world.ts';

/**
 * One coin on four markets that count it four ways, through the whole house. All at 50,000 USD a coin:
 * alpha 100 coins; beta 60,000 inverse contracts of 100 USD (6,000,000 USD, 120 coins); gamma 20,000 contracts of 0.01 coins
 * (200 coins); and ETH priced in BTC at 0.04, 5,000 ETH, which are 200 BTC, 10,000,000 USD.
 */
const MINUTE = 60_000;
const COIN = 50_000;
let world: World;

beforeAll(async () => {
  world = new World({ venues: ['alpha', 'beta', 'gamma'] });
  for (const market of world.markets.values()) market.oldestAt = START - 48 * HOUR;
  const priced = { mark: COIN, index: COIN, intervalH: () => 1 };
  world.market('alpha').list('BTCUSDT', { ...priced, asset: 'BTC', rate: () => 1e-5, openInterest: () => 100, volume: 3_000_000 });
  world.market('beta').list('BTCUSD', {
    ...priced,
    asset: 'BTC',
    rate: () => 3e-5,
    contract: 'inverse',
    contractSize: 100,
    counted: 'contracts',
    openInterest: () => 60_000,
    volume: 400_000,
    bids: () => 40,
    rules: { lotStep: '1', minQuantity: '1', minNotional: null },
  });
  world.market('gamma').list('BTC-SWAP', {
    ...priced,
    asset: 'BTC',
    settle: 'USDC',
    rate: () => 2e-5,
    contractSize: 0.01,
    counted: 'contracts',
    openInterest: () => 20_000,
  });
  world.market('gamma').list('ETHBTC', {
    asset: 'ETH',
    settle: 'BTC',
    mark: 0.04,
    index: 0.04,
    intervalH: () => 1,
    openInterest: () => 5_000,
    volume: 10,
  });
  world
    .market('gamma')
    .list('ETHUSDC', { asset: 'ETH', settle: 'USDC', mark: 2000, index: 2000, intervalH: () => 1, openInterest: () => 2_000 });
  await world.start();
  await world.clock.advance(2 * HOUR + 5 * MINUTE);
});
afterAll(async () => {
  await world.stop();
  world.dispose();
});

const INVERSE = 'beta:BTCUSD';
async function asked<T>(answer: Promise<T>): Promise<T> {
  await world.clock.advance(2000);
  return answer;
}
const last = async (instrument: string, metric: string, params: Record<string, number | string> = {}): Promise<number | undefined> =>
  (await world.call('metrics.series', { instrument, choice: { metric, params }, list: null, from: null })).value.at(-1);

describe('an inverse market', () => {
  test('is on the lists of a new user like any other', () => {
    const [majors] = world.settings.lists;
    expect(majors?.items).toEqual(expect.arrayContaining(['alpha:BTCUSDT', INVERSE, 'gamma:BTC-SWAP', 'gamma:ETHUSDC']));
    expect(majors?.items).not.toContain('gamma:ETHBTC');
    expect(defaultSettings([{ id: 'beta', onByDefault: true }]).lists[0]?.assets).toContain('BTC');
  });

  test('is told in coins, its volume in quote money', async () => {
    expect(await world.row(INVERSE)).toMatchObject({
      openInterest: 120,
      volume24h: 40_000_000,
      unconverted: null,
      instrument: { contract: 'inverse', contractSize: 100, quote: 'USD', settle: 'BTC' },
    });
    expect(await world.row('gamma:BTC-SWAP')).toMatchObject({ openInterest: 200, instrument: { contractSize: 0.01 } });
  });

  test('is stored in coins, and its funding in money is that of its contracts', async () => {
    const { openInterest, mark } = await world.store.hours(INVERSE, 0, Infinity);
    expect([...openInterest]).toEqual([120, 120]);
    expect([...mark]).toEqual([COIN, COIN]);
    expect(await last(INVERSE, 'funding-money')).toBeCloseTo(3e-5 * 24 * 6_000_000, 9);
    expect(await last(INVERSE, 'regime', { hours: 1 })).toBeNaN();
  });

  test('weighs among the others with its dollars', async () => {
    const [alpha, beta, gamma] = [100 * COIN, 6_000_000, 200 * COIN];
    const mean = (1e-5 * alpha + 3e-5 * beta + 2e-5 * gamma) / (alpha + beta + gamma);
    for (const id of ['alpha:BTCUSDT', INVERSE, 'gamma:BTC-SWAP']) expect(await last(id, 'asset-funding')).toBeCloseTo(mean, 15);
    expect(await last(INVERSE, 'spread')).toBeCloseTo(2e-5, 15);
  });

  test('its order book holds coins at their own prices: imbalance in money, fills at the harmonic mean', async () => {
    // Ten levels within half a percent: 40 contracts of 100 USD each below, 10 above.
    expect(await last(INVERSE, 'book-imbalance')).toBeCloseTo((40 - 10) / (40 + 10), 6);
    const [first, second] = [COIN * (1 + 0.0005 * 0.5), COIN * (1 + 0.0005 * 1.5)];
    const fill = 1500 / (1000 / first + 500 / second);
    expect(await last(INVERSE, 'slippage', { size: 1500, side: 'buy' })).toBeCloseTo(fill / COIN - 1, 6);
  });

  test('fills the calculators in what its positions are counted in', async () => {
    const facts = await asked(world.call('decisions.facts', { instrument: INVERSE }));
    expect(facts).toMatchObject({ openInterest: 6_000_000, mark: COIN });
    expect(facts.book?.asks[0]).toEqual(['50012.5000', '1000']);
    expect(facts.book?.bids[0]).toEqual(['49987.5000', '4000']);
    expect(facts.rules).toMatchObject({ contractSize: '100', lotStep: '1' });
    // 1 BTC at risk of 1 %, from 50,000 to 49,000 without costs: 0.01 / (100 (1/49,000 - 1/50,000)) = 245 contracts.
    const size = sizePosition({
      contract: 'inverse',
      side: 'long',
      margin: 'isolated',
      equity: '1',
      risk: '0.01',
      entry: '50000',
      stop: '49000',
      leverage: '10',
      feeIn: '0',
      feeOut: '0',
      slipBps: '0',
      lotStep: facts.rules?.lotStep ?? null,
      contractSize: facts.rules?.contractSize ?? null,
      maintenance: { kind: 'flat', rate: '0.005' },
      openInterest: String(facts.openInterest),
    });
    expect(size.figures.contracts.value).toBe('245');
    expect(size.figures.notional.value).toBe('0.49');
    expect(Number(size.figures.shareOfOpenInterest.value)).toBeCloseTo(24_500 / 6_000_000, 15);
    // domain.md 4.1: 60,000 USD at 50,000, 10x, 0.5 %: 45,681.82.
    const liquidation = estimateLiquidation({
      contract: 'inverse',
      side: 'long',
      margin: 'isolated',
      entry: '50000',
      contracts: '600',
      contractSize: facts.rules?.contractSize ?? null,
      leverage: '10',
      maintenance: { kind: 'flat', rate: '0.005' },
    });
    expect(Number(liquidation.figures.liquidation.value)).toBeCloseTo(45_681.82, 2);
  });
});

describe('a ranking', () => {
  const found = async (text: string): Promise<string[]> =>
    (await world.call('instruments.search', { text, limit: 10 })).map(({ instrument }) => instrument.id);

  test('is by one unit: dollars of open interest, whatever each venue counts', async () => {
    // 10,000,000 of gamma, 6,000,000 of beta, 5,000,000 of alpha; by contracts, coins or money as it came it would be another order.
    expect(await found('BTC')).toEqual(['gamma:BTC-SWAP', INVERSE, 'alpha:BTCUSDT', 'gamma:ETHBTC']);
    // 10,000,000 USD of open interest in BTC at the index of BTC, before 4,000,000 in USDC.
    expect(await found('ETH')).toEqual(['gamma:ETHBTC', 'gamma:ETHUSDC']);
  });
});

test('what cannot be converted is refused with its reason, and the rate beside it stands', async () => {
  world
    .market('beta')
    .list('XYZUSD', { asset: 'XYZ', contract: 'inverse', contractSize: null, counted: 'contracts', openInterest: () => 500 });
  await world.clock.advance(MINUTE);
  const [list] = world.settings.lists;
  await world.call('watchlist.add', { list: list?.id ?? '', instrument: 'beta:XYZUSD' });
  await world.clock.advance(MINUTE);
  expect(await world.row('beta:XYZUSD')).toMatchObject({
    rate: 0.0001,
    openInterest: null,
    volume24h: null,
    unconverted: { openInterest: 'no-contract-size', volume24h: 'no-contract-size' },
  });
});

test('a mark that is not believed takes with it what was converted by it; the contracts come back with the next mark', async () => {
  const beta = world.market('beta');
  const plain = beta.instruments.get('BTCUSD');
  if (!plain) throw new Error('no BTCUSD');
  beta.instruments.set('BTCUSD', { ...plain, mark: 100 * COIN });
  const before = beta.count('/market');
  while (beta.count('/market') === before) await world.clock.advance(1000);
  await world.clock.advance(1000);
  // 6,000,000 USD of contracts are not 1.2 coins.
  expect(await world.row(INVERSE)).toMatchObject({
    mark: null,
    openInterest: null,
    unconverted: { openInterest: 'no-price' },
    volume24h: 40_000_000,
  });
  expect(await world.row('alpha:BTCUSDT')).toMatchObject({ mark: COIN, openInterest: 100 });
  beta.instruments.set('BTCUSD', plain);
  await world.clock.advance(MINUTE);
  expect(await world.row(INVERSE)).toMatchObject({ mark: COIN, openInterest: 120, unconverted: null });
});
