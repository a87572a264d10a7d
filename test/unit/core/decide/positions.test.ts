import { afterEach, describe, expect, test } from 'vitest';
import { type PositionView, positionView } from '#bridge/scenario.ts';
import { fundingSince, withHourlyMarks } from '#domain/decisions/open-position.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const XYZ = 'alpha:XYZUSDT';
let world: World;
let rate = -0.0001;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** XYZ is on no list; its mark and rate are what the test sets. */
async function open(): Promise<void> {
  rate = -0.0001;
  world = new World({
    // Hours pass here, and a tick in ten seconds sees what happens in them.
    speed: 10,
    settings: (all) => ({ ...all, venues: { alpha: { enabled: true, url: null, pollSeconds: 60 } } }),
  });
  const market = world.market();
  market.oldestAt = START - 3 * 24 * HOUR;
  market.list('BTCUSDT', { asset: 'BTC' });
  setMark(100);
  await world.start();
  await world.clock.advance(MINUTE);
}
function setMark(mark: number): void {
  const market = world.market();
  market.list('XYZUSDT', { asset: 'XYZ', intervalH: () => 1, rate: () => rate, mark });
}
async function hold(leverage = 5, side: 'long' | 'short' = 'long', contracts = '10'): Promise<string> {
  const input = { contract: 'linear', side, margin: 'isolated', entry: '100', contracts, leverage, money: 'USDT', quote: 'USDT' } as const;
  const { id } = await world.call('scenarios.save', {
    id: null,
    name: `${side} ${leverage}`,
    kind: 'liquidation',
    instruments: [XYZ],
    typed: [],
    input: { ...input, maintenance: { kind: 'flat', rate: 0.005 } },
  });
  await world.call('positions.open', { id, openAt: world.clock.now() });
  return id;
}
async function view(): Promise<PositionView> {
  const [one] = await world.call('positions.list', {});
  if (!one) throw new Error('no position');
  return one;
}
const titles = (): string[] => world.notifications.map(({ title }) => title);
const hours = (count: number): Promise<void> => world.clock.advance(count * HOUR);

describe('an open position', () => {
  test('shows profit, liquidation, the next payment and the funding since, poll by poll', async () => {
    await open();
    await hold();
    expect(positionView.safeParse(await view()).success).toBe(true);
    expect(await view()).toMatchObject({ side: 'long', contracts: '10', entry: '100', mark: 100, profit: { value: '0' } });
    // 10 × (80.4…: the margin is 200): LP = (200 − 10 × 100)/(10 × 0.005 − 10).
    expect(Number((await view()).liquidation.value)).toBeCloseTo(80.4020100502, 9);
    setMark(104);
    await world.clock.advance(MINUTE);
    const now = await view();
    expect(now.profit).toMatchObject({ value: '40', unit: 'USDT', worked: '1 × 10 × (104 − 100) = 40' });
    expect(Number(now.distance.value)).toBeCloseTo((104 - 80.4020100502) / 104, 9);
    expect(now.nextPayment).toMatchObject({ at: START + HOUR / 2, amount: { value: '-0.104' }, direction: 'you receive' });
    expect(now.fundingSince).toMatchObject({ settlements: 0, paid: { value: null } });
    await hours(3);
    const later = await view();
    expect(later.fundingSince).toMatchObject({
      settlements: 3,
      // The venue gives no mark with its rows: the hours as observed do.
      atEntry: 0,
      direction: 'you receive',
      paid: { value: '-0.312', unit: 'USDT' },
    });
    // What came in moves liquidation away.
    expect(Number(later.liquidation.value)).toBeLessThan(Number(now.liquidation.value));
  });

  test('funding is the domain’s over the stored settlements', async () => {
    await open();
    await hold(5, 'short');
    for (let i = 0; i < 12; i++) {
      rate = Math.round(1e6 * 3e-4 * Math.sin(i)) / 1e6;
      setMark(100 + i);
      await hours(1);
    }
    const now = await view();
    const stored = [XYZ, 0, world.clock.now()] as const;
    const [rows, observed] = await Promise.all([world.store.settled(...stored), world.store.hours(...stored)]);
    const settled = withHourlyMarks(rows, observed, await world.store.prices(...stored));
    const { side, contracts: units, entry, openAt } = now;
    expect(now.fundingSince).toEqual(fundingSince({ contract: 'linear', side, units, entry, openAt }, settled, world.clock.now(), 'USDT'));
    expect(now.fundingSince).toMatchObject({ settlements: 12, atEntry: 0 });
  });

  test('funding is withheld while settlements since the opening are missing, as after a night without the venue', async () => {
    await open();
    await hold();
    await hours(2);
    expect((await view()).fundingSince).toMatchObject({ settlements: 2, paid: { value: '-0.2' } });
    await world.stop();
    world.market().faults.set('/settled', { kind: 'network' });
    world.clock.sleep(6 * HOUR);
    await world.start();
    await world.clock.advance(2 * MINUTE);
    expect((await view()).fundingSince.paid).toMatchObject({
      value: null,
      reason: 'Not every settlement since the opening is stored yet.',
    });
    world.market().faults.clear();
    await world.clock.advance(10 * MINUTE);
    expect((await view()).fundingSince).toMatchObject({ settlements: 8, paid: { value: '-0.8' } });
  });

  test('tells of a change, and only of one', async () => {
    await open();
    await hold();
    await world.clock.advance(5 * MINUTE);
    const told = (): number => world.events.filter(({ name }) => name === 'positions.change').length;
    const before = told();
    world.market().fault = { kind: 'network' };
    await world.clock.advance(MINUTE);
    expect(told()).toBe(before);
    await world.clock.advance(10 * MINUTE);
    // The quote died: once.
    expect(told()).toBe(before + 1);
    expect(await view()).toMatchObject({ mark: null, nextPayment: null, profit: { value: null, reason: 'No current price.' } });
  });

  test('is watched although no list holds it: history, snapshots, a row; across a restart too', async () => {
    await open();
    expect((await world.store.settled(XYZ, 0, world.clock.now())).key.length).toBe(0);
    const id = await hold();
    await world.clock.advance(5 * MINUTE);
    expect((await world.store.settled(XYZ, 0, world.clock.now())).key.length).toBe(72);
    expect((await world.row(XYZ)).status).toBe('live');
    await world.stop();
    await world.start();
    await world.clock.advance(5 * MINUTE);
    expect(await view()).toMatchObject({ scenario: id, mark: 100 });
    const { observedAt } = await world.store.snapshots(XYZ, world.clock.now() - 3 * MINUTE, world.clock.now());
    expect(observedAt.length).toBeGreaterThan(1);
    await world.call('positions.close', { id, closedAt: world.clock.now() });
    expect(world.events.filter(({ name }) => name === 'positions.change').at(-1)?.payload).toEqual([]);
    expect((await world.call('watchlist.rows', {})).map(({ instrument }) => instrument.id)).not.toContain(XYZ);
  });

  test('without maintenance of its own takes the venue’s', async () => {
    await open();
    const { id } = await world.call('scenarios.save', {
      id: null,
      name: 'Funding',
      kind: 'funding',
      instruments: [XYZ],
      typed: [],
      input: { side: 'long', notional: '1000', leverage: 10, rate: 0.0001, intervalH: 1 },
    });
    await expect(world.call('positions.open', { id, openAt: world.clock.now() })).rejects.toThrow('(entry): Missing.');
    await world.call('positions.open', { id, openAt: world.clock.now(), entries: ['100'] });
    await world.clock.advance(MINUTE);
    expect(Number((await view()).liquidation.value)).toBeCloseTo(90.4522613065, 9);
  });
});

describe('alerts', () => {
  test('funding that turned is told once, and again after a settlement in its favour', async () => {
    await open();
    await hold();
    await hours(2);
    expect((await view()).alerts).toEqual([]);
    rate = 0.0002;
    await hours(3);
    expect(titles()).toEqual(['XYZ/USDT on Alpha: funding turned against your long']);
    expect(world.notifications[0]?.body).toBe('Funding turned against it: you pay 0.02 % per 1 h now. (long 5)');
    expect((await view()).alerts).toEqual(['Funding turned against it: you pay 0.02 % per 1 h now.']);
    rate = -0.0001;
    await world.clock.advance(MINUTE);
    rate = 0.0001;
    await world.clock.advance(MINUTE);
    expect(titles()).toHaveLength(1);
    rate = -0.0001;
    await hours(2);
    expect((await view()).alerts).toEqual([]);
    rate = 0.0001;
    await hours(1);
    expect(titles()).toHaveLength(2);
  });

  test('a position that always paid has not turned', async () => {
    await open();
    await hold(5, 'short');
    await hours(3);
    expect(titles()).toEqual([]);
    expect((await view()).alerts).toEqual([]);
  });

  test('liquidation nearer than 10 % is told once, armed again beyond 12 %, remembered over a restart', async () => {
    await open();
    await hold();
    setMark(89);
    await world.clock.advance(MINUTE);
    const near = 'XYZ/USDT on Alpha: liquidation of your long is near';
    expect(titles()).toEqual([near]);
    expect((await view()).alerts).toEqual([
      expect.stringMatching(/^Liquidation is estimated at 80\.402\d* USDT, 9\.66 % from the mark\.$/u),
    ]);
    setMark(90);
    await world.clock.advance(MINUTE);
    await world.stop();
    setMark(88);
    await world.start();
    await world.clock.advance(2 * MINUTE);
    expect(titles()).toEqual([near]);
    setMark(100);
    await world.clock.advance(MINUTE);
    setMark(85);
    await world.clock.advance(MINUTE);
    expect(titles()).toEqual([near, near]);
  });

  test('a crowd signal on its side, and none on the other; nothing where notifications are off', async () => {
    await open();
    await world.call('thresholds.change', { instrument: XYZ, theta: 0.00001, k: 1, n: 2 });
    await hold(5, 'long');
    await hold(6, 'short');
    await hours(1);
    rate = 0.005;
    await hours(2);
    expect(titles().filter((title) => title.includes('and you are'))).toEqual(['XYZ/USDT on Alpha: longs are crowded, and you are long']);
    const all = await world.call('positions.list', {});
    expect(all.find(({ side }) => side === 'long')?.alerts).toContain('Crowd signal on its side: longs are crowded.');
    expect(all.find(({ side }) => side === 'short')?.alerts.join()).not.toContain('Crowd');
    await world.call('settings.change', { notify: false });
    const before = titles().length;
    setMark(85);
    await world.clock.advance(MINUTE);
    expect(titles()).toHaveLength(before);
    expect((await world.call('positions.list', {}))[0]?.alerts.join()).toContain('Liquidation');
  });
});
