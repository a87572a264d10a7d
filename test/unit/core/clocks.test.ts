import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VenueHealth } from '#bridge/contract.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { HOUR, START, World } from '#test/support/world.ts';

/**
 * A clock that is ten minutes wrong, on either side: every venue of the register on the demo's wire of its own folder, from half past until
 * twenty past the next settlements. What is stored is to be what it would be with all clocks right.
 */
const MINUTE = 60_000;
const POLL_MS = MINUTE;
const TEN = 10 * MINUTE;
/** With a time of the answer, of every row, of none, and one that accrues all the time. */
const ids = ['binance', 'bybit', 'okx', 'hyperliquid', 'deribit'];
/** Fewer than half of them: the others agree with this computer. */
const some = ['bybit', 'hyperliquid'];
const FROM = START + 20 * MINUTE;
const UNTIL = START + 45 * MINUTE;

interface Wrong {
  /** What the clocks of these venues are ahead by; left out: of none. */
  readonly venues?: { readonly ids: readonly string[]; readonly ms: number };
  /** What this computer's is ahead by: from the start, or set after five minutes. */
  readonly computer?: { readonly ms: number; readonly from: 'the start' | 'five minutes on' };
}

let world: World | null = null;
afterEach(async () => {
  await world?.stop();
  world?.dispose();
  world = null;
});

const none = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
/** The app until twenty past, and what its wall is ahead of the true time. */
async function lived({ venues, computer }: Wrong): Promise<World> {
  let wallAhead = computer?.from === 'the start' ? computer.ms : 0;
  let isWrong = false;
  const one = new World({
    start: FROM + wallAhead,
    venues: ids,
    wires: fewWires(['BTC']),
    random: () => 0.5,
    settings: (all) => ({
      ...all,
      lists: [{ id: 'all', name: 'All', assets: ['BTC'], seeded: [], items: [] }],
      venues: Object.fromEntries(ids.map((id) => [id, { enabled: true, url: null, pollSeconds: POLL_MS / 1000 }])),
    }),
    between: (id, answer, now, path) => (/depth|orderbook|openInterest|l2Book|books-full|books/u.test(path)) ? none : answer(now - wallAhead + (isWrong && venues?.ids.includes(id) === true ? venues.ms : 0)),
  });
  await one.start();
  const t0 = performance.now();
  await one.clock.advance(2 * MINUTE);
  console.log('T', performance.now() - t0);
  isWrong = true;
  if (computer?.from === 'five minutes on') {
    one.clock.setWall(computer.ms);
    wallAhead = computer.ms;
  }
  await one.clock.until(UNTIL + wallAhead);
  return one;
}

/** All that was stored of every instrument but when it was learnt. */
async function stored({ store }: World): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const { instrument, snapshot, delisted } of await store.latest()) {
    const { key, rate, intervalH } = await store.settled(instrument.id, 0, Infinity);
    all[instrument.id] = {
      settled: { key: [...key], rate: [...rate], intervalH: [...intervalH] },
      next: snapshot.nextFundingAt,
      delisted,
    };
  }
  return all;
}
/** How old every row is that its venue answered with. */
async function ages({ store, clock }: World, trueNow: number): Promise<Record<string, number>> {
  expect(clock.now()).toBeGreaterThan(0);
  return Object.fromEntries((await store.latest()).map(({ instrument, observedAt }) => [instrument.id, trueNow - observedAt]));
}
const health = async (of: World): Promise<VenueHealth[]> => of.call('venues.health', {});

test('x', async () => {
  const right = await lived({});
  const base = await stored(right);
  const baseAges = await ages(right, UNTIL);
  console.log('BASE', Object.entries(base).slice(0, 3).map((x) => JSON.stringify(x).slice(0, 300)), Object.values(baseAges).slice(0, 30));
  const baseHealth = await health(right);
  await right.stop();
  for (const [name, wrong, ahead] of [
    ['ahead', { venues: { ids: some, ms: TEN } }, 0],
    ['behind', { venues: { ids: some, ms: -TEN } }, 0],
    ['we set behind', { computer: { ms: -TEN, from: 'five minutes on' } }, -TEN],
    ['we set ahead', { computer: { ms: TEN, from: 'five minutes on' } }, TEN],
    ['we start behind', { computer: { ms: -TEN, from: 'the start' } }, -TEN],
    ['we start ahead', { computer: { ms: TEN, from: 'the start' } }, TEN],
  ] as const) {
    const t = performance.now();
    const one = await lived(wrong);
    const now = await stored(one);
    const diff = Object.keys(base).filter((id) => JSON.stringify(base[id]) !== JSON.stringify(now[id]));
    const aa = await ages(one, UNTIL);
    const adiff = Object.keys(aa).filter((id) => aa[id] !== baseAges[id]);
    console.log('SCEN', name, performance.now() - t, 'differ', diff.length, diff.slice(0, 4).map((id) => id + JSON.stringify(base[id]) + ' -> ' + JSON.stringify(now[id])), 'ages', adiff.length, adiff.slice(0, 12).map((id) => [id, baseAges[id], aa[id]]));
    const hs = await health(one);
    console.log('HEALTH', name, JSON.stringify(hs.map(({ id, state, error, refused, clockOffsetMs, aheadMs }) => [id, state, error, refused - (baseHealth.find((b) => b.id === id)?.refused ?? 0), clockOffsetMs, aheadMs])));
    await one.stop();
    one.dispose();
  }
}, 300_000);
void describe; void beforeAll; void HOUR;
