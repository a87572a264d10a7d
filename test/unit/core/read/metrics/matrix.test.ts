import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** BTC on three venues, 8 h each: 0.0008 until then, and from then on 0.0016, 0.0008 and 0.0048. */
const THEN = START + 95 * MINUTE;
async function open(): Promise<void> {
  world = new World({ venues: ['alpha', 'beta', 'gamma'] });
  for (const [i, id] of ['alpha', 'beta', 'gamma'].entries())
    world.market(id).list('BTCUSDT', {
      asset: 'BTC',
      rate: (t) => (t < THEN ? 0.0008 : ([0.0016, 0.0008, 0.0048][i] ?? NaN)),
      intervalH: () => 8,
      openInterest: () => 10 ** (i + 3),
      volume: 5_000_000 / (i + 1),
    });
  await world.start();
}
const btc = async (over: object = {}) => {
  const row = (await world.call('metrics.matrix', { list: 'majors', ...over })).find(({ asset }) => asset === 'BTC');
  if (row === undefined) throw new Error('no row of BTC');
  return row;
};

test('the median, the dispersion and the range of the hours before stand beside the rates of now', async () => {
  await open();
  // The hour that holds the newest rate is not over, and no closed hour knows of it.
  await world.clock.until(THEN + 10 * MINUTE);
  expect((await btc({ hours: 24 })).cells.map(({ least, greatest }) => [least, greatest])).toEqual([
    [0.0001, 0.0002],
    [0.0001, 0.0001],
    [0.0001, 0.0006],
  ]);
  await world.clock.until(THEN + 40 * MINUTE);
  const row = await btc({ hours: 24 });
  expect(row.cells.map(({ f }) => f)).toEqual([0.0002, 0.0001, 0.0006]);
  expect(row.median).toBe(0.0002);
  // sd of 2, 1 and 6: mean 3, squares 1 + 4 + 9 over 2.
  expect(row.dispersion).toBeCloseTo(Math.sqrt(7) * 1e-4, 15);
  expect(row.cells.map(({ least, greatest }) => [least, greatest])).toEqual([
    [0.0001, 0.0002],
    [0.0001, 0.0001],
    [0.0001, 0.0006],
  ]);
  expect((await btc()).cells.map(({ least }) => least)).toEqual([null, null, null]);

  // The same at a past hour: what came later is not there.
  const before = await btc({ hours: 24, asOf: THEN - 10 * MINUTE });
  expect(before.cells.map(({ f, greatest }) => [f, greatest])).toEqual([0, 1, 2].map(() => [0.0001, 0.0001]));
  expect([before.spread, before.dispersion]).toEqual([0, 0]);
});

test('what is smaller than asked has no say, nor has what is not known to be larger', async () => {
  await open();
  await world.clock.until(THEN + 10 * MINUTE);
  const byVolume = await btc({ least: { of: 'volume24h', usd: 2_000_000 } });
  expect(byVolume.cells.map(({ volume24h, left }) => [Math.round(volume24h ?? NaN), left])).toEqual([
    [5_000_000, null],
    [2_500_000, null],
    [1_666_667, 'illiquid'],
  ]);
  expect([byVolume.short, byVolume.long]).toEqual(['alpha:BTCUSDT', 'beta:BTCUSDT']);
  // 1,000, 10,000 and 100,000 coins at 100.
  const byInterest = await btc({ least: { of: 'openInterest', usd: 2_000_000 } });
  expect(byInterest.cells.map(({ openInterest, left }) => [openInterest, left])).toEqual([
    [100_000, 'illiquid'],
    [1_000_000, 'illiquid'],
    [10_000_000, null],
  ]);
  expect(byInterest).toMatchObject({ spread: null, short: null, reason: 'too-few', dispersion: null });
  expect((await btc()).short).toBe('gamma:BTCUSDT');

  world.market('gamma').list('BTCUSDT', { asset: 'BTC', rate: () => 0.0048, openInterest: () => null });
  world.market('gamma').faults.set('/interest', { kind: 'network' });
  await world.clock.advance(40 * MINUTE);
  expect((await btc({ least: { of: 'openInterest', usd: 1 } })).cells.map(({ left }) => left)).toEqual([null, null, 'size-unknown']);
});

test('a size is walked in both sides of the newest books', async () => {
  await open();
  await world.clock.until(START + 20 * MINUTE);
  expect((await btc()).cells.map(({ slippage, noSlippage }) => [slippage, noSlippage])).toEqual([0, 1, 2].map(() => [null, 'no-book']));
  // The best levels hold ten coins each at 0.025 % from mid.
  const small = await btc({ size: 900 });
  for (const { slippage, noSlippage } of small.cells) {
    expect(slippage).toBeCloseTo(0.0005, 8);
    expect(noSlippage).toBeNull();
  }
  expect((await btc({ size: 1e6 })).cells[0]).toMatchObject({ slippage: null, noSlippage: 'too-thin' });
  // One that is not renewed is no book of now.
  world.market('alpha').faults.set('/book', { kind: 'network' });
  await world.clock.advance(10 * MINUTE);
  expect((await btc({ size: 900 })).cells.map(({ noSlippage }) => noSlippage)).toEqual(['no-book', null, null]);
  // A book of then is walked where the moment is past.
  const at = world.clock.now();
  await world.clock.advance(2 * HOUR);
  expect((await btc({ size: 900, asOf: at })).cells[1]?.slippage).toBeCloseTo(0.0005, 8);
});

/* DASH is a coin, and the ticker of DoorDash's share on Nasdaq; here both stand at 100, so that no price tells them apart. */
test('a share and a coin of one ticker have no spread between them, however alike their prices', async () => {
  world = new World({ venues: ['alpha', 'beta', 'gamma', 'delta'] });
  const classes = ['crypto', 'equity', undefined, 'equity'] as const;
  for (const [i, id] of ['alpha', 'beta', 'gamma', 'delta'].entries()) {
    const assetClass = classes[i];
    const rate = [0.0008, 0.008, 0.0016, 0.0096][i] ?? NaN;
    world.market(id).list('DASHUSDT', { asset: 'DASH', rate: () => rate, intervalH: () => 8, ...(assetClass && { assetClass }) });
  }
  await world.start();
  await world.clock.until(START + 10 * MINUTE);
  const rows = await world.call('metrics.matrix', { list: null });
  const found = rows.map(({ asset, cells, spread, short, long }) => [asset, cells.map(({ f }) => f), spread?.toFixed(6), short, long]);
  // Per hour: 0.0008 / 8 and 0.0016 / 8 are the coin's, 0.008 / 8 and 0.0096 / 8 the share's.
  expect(found).toEqual([
    ['DASH (equity)', [0.001, 0.0012], '0.000200', 'delta:DASHUSDT', 'beta:DASHUSDT'],
    ['DASH', [0.0001, 0.0002], '0.000100', 'gamma:DASHUSDT', 'alpha:DASHUSDT'],
  ]);
});
