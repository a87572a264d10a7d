import { afterEach, describe, expect, test } from 'vitest';
import { calculatorFacts, type CalculatorFacts, spreadFacts } from '#bridge/facts.ts';
import { carry } from '#domain/decisions/carry.ts';
import { createVenues } from '#node/venues/index.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { createWires } from '#node/demo/market.ts';
import type { Fault } from '#test/support/paper-venue.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const wave = (t: number, period: number): number => Math.round(1e8 * (1e-4 + 2e-4 * Math.sin((2 * Math.PI * t) / (period * HOUR)))) / 1e8;

async function open(days = 40, prices: Fault | null = null): Promise<World> {
  world = new World({ venues: ['alpha', 'beta'] });
  for (const [id, market] of world.markets) {
    if (prices) market.faults.set('/prices', prices);
    market.oldestAt = START - days * 24 * HOUR;
    market.list('BTCUSDT', { asset: 'BTC', rate: (t) => wave(t, id === 'alpha' ? 64 : 200), intervalH: () => (id === 'alpha' ? 8 : 4) });
  }
  await world.start();
  await world.clock.advance(5 * MINUTE);
  return world;
}
async function asked<T>(answer: Promise<T>): Promise<T> {
  await world.clock.advance(2000);
  return answer;
}
const facts = (instrument = 'alpha:BTCUSDT'): Promise<CalculatorFacts> => asked(world.call('decisions.facts', { instrument }));

describe('facts', () => {
  test('fill a calculator from the market, the venue and the stored history', async () => {
    await open();
    const given = await facts();
    expect(calculatorFacts.safeParse(given).success).toBe(true);
    expect(given).toMatchObject({ mark: 100, intervalH: 8, openInterest: 1000, theta: 0.0005, missing: [] });
    expect(given.rules).toMatchObject({ lotStep: '0.001', maxLeverage: '50', maintenance: { kind: 'flat', rate: '0.005' } });
    expect(given.book?.bids[0]).toEqual(['99.9750', '10']);
    expect(given.book?.asks[0]).toEqual(['100.0250', '10']);
    expect(given.closesTo).toBe(Math.floor(START / HOUR) * HOUR);
    // The mark never moved: both extremes are it, and nothing varies.
    expect(given.swing).toEqual({ long: { value: 100, known: 24, of: 24 }, short: { value: 100, known: 24, of: 24 } });
    expect(given.volatility).toEqual({ value: 0, known: 72, of: 72 });
    expect(given.reversion?.halfLifeH).toBeGreaterThan(0);
    expect(Math.abs((given.reversion?.meanPerHour ?? NaN) - 1e-4 / 8)).toBeLessThan(2e-6);
  });

  test('the half-life is the metric’s, newest value', async () => {
    await open();
    const given = await facts();
    const { value } = await world.call('metrics.series', {
      instrument: 'alpha:BTCUSDT',
      choice: { metric: 'half-life', params: {} },
      list: null,
      from: null,
    });
    expect(given.reversion?.halfLifeH).toBe(value.at(-1));
  });

  test('one part that fails costs that part, and says why', async () => {
    await open();
    world.market().faults.set('/book', { kind: 'network' });
    world.failing.add('prices');
    const given = await facts();
    expect(given.book).toBeNull();
    expect(given.reversion).toBeNull();
    expect(given.swing.long.value).toBeNull();
    expect(given.closesTo).toBeNull();
    expect(given.rules?.maxLeverage).toBe('50');
    expect(given.mark).toBe(100);
    expect(given.missing.map(({ what }) => what).sort()).toEqual(['book', 'history']);
    for (const { why } of given.missing) expect(why).toMatch(/^[A-Z].*\.$/u);
    world.failing.clear();
    world.market().faults.clear();
    await world.clock.advance(MINUTE);
    expect((await facts()).missing).toEqual([]);
  });

  test('open interest that polls do not bring is asked for, and costs only itself', async () => {
    world = new World({ venues: ['alpha'] });
    world.market().list('NOOIUSDT', { asset: 'NOOI' });
    world.market().list('OTHERUSDT', { asset: 'OTHER', openInterest: () => null });
    world.market().faults.set('/interest?symbol=OTHERUSDT', { kind: 'network' });
    await world.start();
    await world.clock.advance(MINUTE);
    const given = await facts('alpha:NOOIUSDT');
    expect(given.openInterest).toBe(2500);
    // Of the sweep, with its own time.
    expect(given.openInterestAt).toBeGreaterThanOrEqual(world.clock.now() - 2 * MINUTE);
    expect(given.openInterestAt).toBeLessThan(given.observedAt ?? 0);
    const without = await facts('alpha:OTHERUSDT');
    expect(without).toMatchObject({ openInterest: null, openInterestAt: null, mark: 100 });
    expect(without.missing.filter(({ what }) => what !== 'history')).toEqual([
      { what: 'openInterest', why: 'Alpha cannot be reached: no network, or the address is wrong.' },
    ]);
  });

  test('an old quote is called old, and no divergence stands on it', async () => {
    await open();
    world.market().faults.set('/market', { kind: 'network' });
    await world.clock.advance(10 * MINUTE);
    const given = await facts();
    expect(given.missing).toContainEqual({ what: 'quote', why: 'The price and rate are old: the venue has not renewed them for a while.' });
    expect(given.d).toBeNull();
    expect(given.observedAt).toBeLessThan(world.clock.now() - 9 * MINUTE);
  });

  test('too little history gives no stop, no volatility and no half-life', async () => {
    await open(0.25, { kind: 'status', status: 500 });
    const given = await facts();
    expect(given.reversion).toBeNull();
    expect(given.volatility.known).toBeLessThan(36);
    expect(given.volatility.value).toBeNull();
  });

  test('an instrument that is not known is refused', async () => {
    await open();
    await expect(world.call('decisions.facts', { instrument: 'alpha:NOSUCH' })).rejects.toThrow('No venue lists alpha:NOSUCH');
  });
});

describe('the past of a pair', () => {
  const f = (id: 'alpha' | 'beta', t: number): number => {
    const h = id === 'alpha' ? 8 : 4;
    return wave(Math.floor(t / (h * HOUR)) * h * HOUR, id === 'alpha' ? 64 : 200) / h;
  };

  test('is the short leg minus the long one, hour by hour, and reads the same from the other side', async () => {
    await open();
    const pair = { long: 'alpha:BTCUSDT', short: 'beta:BTCUSDT' };
    const one = await world.call('decisions.spread', pair);
    expect(spreadFacts.safeParse(one).success).toBe(true);
    expect(one.to).toBe(Math.floor(START / HOUR) * HOUR);
    expect(one.history.length).toBe((one.to - one.from) / HOUR);
    expect(one.history.length).toBeGreaterThan(38 * 24);
    const at = Array.from(one.history, (_, i) => one.from + (i + 1) * HOUR);
    const off = at.filter((t, i) => Math.abs((one.history[i] ?? NaN) - (f('beta', t) - f('alpha', t))) > 1e-15);
    // The running rate of the hour in which the app was started stands for itself.
    expect(off.filter((t) => t < one.to)).toEqual([]);
    const other = await world.call('decisions.spread', { long: pair.short, short: pair.long });
    expect([...other.history].map((value) => -value + 0)).toEqual([...one.history]);
    expect(other.flips.flips).toBe(one.flips.flips);
    expect(one.flips.positive + other.flips.positive).toBe(one.flips.hours);
    expect(other.reversion?.halfLifeH).toBeCloseTo(one.reversion?.halfLifeH ?? NaN, 9);
    expect(other.reversion?.meanPerHour).toBeCloseTo(-(one.reversion?.meanPerHour ?? NaN), 15);
  });

  test('with spot it is the perpetual’s own, half-life and all', async () => {
    await open();
    const short = await world.call('decisions.spread', { long: null, short: 'alpha:BTCUSDT' });
    const { reversion } = await facts();
    expect(short.reversion?.meanPerHour).toBeCloseTo(reversion?.meanPerHour ?? NaN, 15);
    expect(short.reversion?.halfLifeH).toBeCloseTo(reversion?.halfLifeH ?? NaN, 6);
    await expect(world.call('decisions.spread', { long: null, short: null })).rejects.toThrow('Both legs are spot');
  });
});

test('over the demo market, the facts of every venue make a size', async () => {
  world = new World({
    start: START,
    venues: ['binance', 'bybit', 'hyperliquid', 'okx'],
    wires: createWires(1).wires,
    settings: (all) => ({ ...all, lists: [{ id: 'one', name: 'One', assets: ['PEPE'], seeded: [], items: [] }], activeList: 'one' }),
  });
  await world.start();
  await world.clock.advance(120_000);
  const major = ['binance:BTCUSDT', 'bybit:BTCUSDT', 'hyperliquid:BTC', 'okx:BTC-USDT-SWAP'];
  for (const instrument of [...major, 'binance:1000PEPEUSDT', 'hyperliquid:kPEPE']) {
    const asked = world.call('decisions.facts', { instrument });
    await world.clock.advance(10_000);
    const facts: CalculatorFacts = await asked;
    expect(facts.missing).toEqual([]);
    const { rules, book, mark } = facts;
    const fees = createVenues().find((one) => one.id === facts.instrument.venue)?.fees?.perp[0];
    const result = sizePosition({
      contract: facts.instrument.contract,
      side: 'long',
      margin: 'isolated',
      equity: 10_000,
      risk: 0.01,
      entry: mark,
      stop: Number(((mark ?? 0) * 0.97).toPrecision(6)),
      leverage: 5,
      feeIn: fees?.taker ?? null,
      feeOut: fees?.taker ?? null,
      book,
      lotStep: rules?.lotStep ?? null,
      minQuantity: rules?.minQuantity,
      minNotional: rules?.minNotional,
      contractSize: rules?.contractSize,
      venueMaxLeverage: rules?.maxLeverage,
      maintenance: rules?.maintenance,
      liquidationFee: rules?.liquidationFee,
      openInterest: facts.openInterest,
    });
    expect(result.problems).toEqual([]);
    expect(Number(result.figures.shareOfOpenInterest.value)).toBeGreaterThan(0);
    expect(Number(result.figures.lossAtStop.value)).toBeGreaterThan(0);
    expect(Number(result.figures.lossAtStop.value)).toBeLessThanOrEqual(100);
    expect(Number(result.figures.liquidation.value)).toBeLessThan(mark ?? 0);
  }
  const [long, short] = await Promise.all(
    (['hyperliquid:BTC', 'bybit:BTCUSDT'] as const).map(async (id) => {
      const { instrument, rules, book, rate, intervalH, nextFundingAt } = await asked(world.call('decisions.facts', { instrument: id }));
      const fee = createVenues().find((one) => one.id === instrument.venue)?.fees?.perp[0].taker ?? null;
      const { lotStep, minNotional, maintenance } = rules ?? { lotStep: null, minNotional: null, maintenance: null };
      return {
        kind: 'perp' as const,
        book,
        rate,
        intervalH,
        nextFundingAt,
        feeIn: fee,
        feeOut: fee,
        lotStep,
        minNotional,
        maintenance,
        leverage: 5,
      };
    }),
  );
  const { history, reversion } = await world.call('decisions.spread', { long: 'hyperliquid:BTC', short: 'bybit:BTCUSDT' });
  if (!long || !short) throw new Error('two legs');
  const { problems, verdict, figures } = carry({ long, short, notional: 20_000, openAt: world.clock.now(), holdH: 72, history, reversion });
  expect(problems).toEqual([]);
  expect(verdict.kind).not.toBe('unknown');
  expect(figures.flipShare.value).not.toBeNull();
});
