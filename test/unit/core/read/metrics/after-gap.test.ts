import { afterEach, describe, expect, test } from 'vitest';
import type { MetricCell } from '#bridge/contract.ts';
import { METRICS } from '#domain/metrics/index.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { createWires } from '#node/demo/market.ts';
import type { Wire, Wires } from '#node/demo/wire.ts';
import { run as command } from '../../../../../src/cli/run.ts';
import { HOUR, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const AUGUST = Date.UTC(2026, 7, 28, 23, 30);
const NOVEMBER = Date.UTC(2026, 10, 28, 12, 30);
const LAST = Date.UTC(2026, 7, 29);
const ID = 'binance:FETUSDT';
const COLUMNS_AT_A_TIME = 12;

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** What the venues refuse to answer. */
const refused = { settlements: false, prices: false, polls: false };
const IS_SETTLEMENTS = /fundingRate|funding\/history|fundingHistory/u;
const IS_PRICES = /Klines|kline|candleSnapshot/u;
function guarded(wires: Wires): Wires {
  const guard =
    (wire: Wire): Wire =>
    (request, now) => {
      const asked = request.path + request.body;
      const isRefused = IS_SETTLEMENTS.test(asked) ? refused.settlements : IS_PRICES.test(asked) ? refused.prices : refused.polls;
      return isRefused ? { status: 503, type: 'application/json', body: '{}' } : wire(request, now);
    };
  return Object.fromEntries(Object.entries(wires).map(([id, wire]) => [id, guard(wire)]));
}

/** An app that ran in August, then not until November, when the venues answer as asked. */
async function open(november: Partial<typeof refused>): Promise<void> {
  Object.assign(refused, { settlements: false, prices: false, polls: false });
  world = new World({
    // A tick in ten seconds: on most of them nothing happens.
    speed: 10,
    start: AUGUST,
    venues: ['binance', 'bybit'],
    wires: guarded(createWires(1).wires),
    settings: (all) => ({ ...all, lists: all.lists.map((list) => ({ ...list, assets: ['FET'] })) }),
  });
  await world.start();
  await world.clock.advance(70 * MINUTE);
  await world.stop();
  world.clock.setWall(NOVEMBER - world.clock.now());
  Object.assign(refused, november);
  await world.start();
  await world.clock.advance(8 * MINUTE);
}

/** By metric, what its column shows; a table has room for a dozen. */
async function shown(): Promise<Map<string, MetricCell>> {
  const cells = new Map<string, MetricCell>();
  for (let first = 0; first < METRICS.length; first += COLUMNS_AT_A_TIME) {
    const some = METRICS.slice(first, first + COLUMNS_AT_A_TIME);
    await world.look({ columns: some.map(({ name }) => ({ metric: name, params: {} })) });
    await world.clock.advance(MINUTE);
    const columns = world.cells(await world.row(ID));
    for (const [i, { name }] of some.entries()) cells.set(name, columns[i] ?? { value: NaN, reason: null, word: '' });
  }
  return cells;
}
const explained = (metric: string) =>
  world.call('metrics.explain', { instrument: ID, choice: { metric, params: {} }, list: 'majors', at: null });
const REASONS: Readonly<Record<string, string>> = { 'cumulative-funding': 'incomplete', 'total-funding': 'incomplete' };
/** What the venue says now, and what its prices up to now tell. */
const OF_NOW = [
  'annualised-premium',
  'asset-funding',
  'basket-funding',
  'book-imbalance',
  'cost-on-margin',
  'dispersion',
  'funding',
  'funding-money',
  'mark-drift',
  'neutral',
  'open-interest',
  'premium',
  'premium-half-life',
  'price-change',
  'price-divergence',
  'skew',
  'slippage',
  'spread',
];
const settlementMetrics = METRICS.filter(({ on }) => on === 'settlement').map(({ name }) => name);

describe('the history ends in August, the clock says November', () => {
  test('with polls of now and prices, but no settlements since: no metric of settlements has a value', async () => {
    await open({ settlements: true });
    const cells = await shown();
    for (const name of settlementMetrics)
      expect([name, cells.get(name)]).toEqual([name, { value: null, reason: REASONS[name] ?? 'stale', word: '' }]);
    expect([...cells].flatMap(([name, { value }]) => (value === null ? [] : [name])).sort()).toEqual(OF_NOW);
  });

  test('every audit answers: what is missing, and since when', async () => {
    await open({ settlements: true, prices: true });
    for (const { name, on } of METRICS) {
      const answer = await explained(name);
      expect([name, answer.time > NOVEMBER - HOUR]).toEqual([name, true]);
      if (on === 'book') continue;
      expect([name, answer.value, typeof answer.reason, (answer.wants ?? '').length > 3]).toEqual([name, null, 'string', true]);
      if (on !== 'settlement') continue;
      expect(answer.reason).toBe(REASONS[name] ?? 'stale');
      expect(answer.wants).toBe('the settlement that was due at 2026-08-29T04:00Z, and those since');
      expect(answer.notes[0]).toBe(
        'the latest settlement that is there is of 2026-08-29T00:00Z, the next one was due at 2026-08-29T04:00Z',
      );
    }
    expect((await explained('ema-divergence')).notes).toContain('the latest settlement that is there is of 2026-08-29T00:00Z');
  });

  test('a venue that does not answer leaves nothing of August on the screen either', async () => {
    await open({ settlements: true, prices: true, polls: true });
    for (const [name, { value, reason }] of await shown()) {
      expect([name, value]).toEqual([name, null]);
      if (name in REASONS) expect(reason).toBe(REASONS[name]);
    }
    const facts = await world.call('decisions.facts', { instrument: ID });
    expect([facts.rate, facts.nextFundingAt, facts.d, facts.reversion]).toEqual([null, null, null, null]);
    expect(facts.missing).toContainEqual({ what: 'quote', why: 'The price and rate are old: the venue has not renewed them for a while.' });
  });

  test('the lower pane, calculators and the command line end where the settlements end', async () => {
    await open({ settlements: true, prices: true });
    for (const name of settlementMetrics) {
      const { time, value, reason, live } = await world.call('metrics.series', {
        instrument: ID,
        choice: { metric: name, params: {} },
        list: 'majors',
        from: null,
      });
      // Due at 4, waited for an hour: at 6 it is not there.
      expect([name, time.at(-1), value.at(-1), reasonOf(reason.at(-1) ?? 0)]).toEqual([
        name,
        LAST + 6 * HOUR,
        NaN,
        REASONS[name] ?? 'stale',
      ]);
      expect(time.at(-2)).toBe(LAST);
      expect([live?.value, live?.reason]).toEqual([null, REASONS[name] ?? 'stale']);
    }
    expect((await world.call('decisions.facts', { instrument: ID })).reversion).toBeNull();
    const spread = await world.call('decisions.spread', { long: ID, short: null });
    expect(spread.reversion).toBeNull();

    await world.stop();
    const printed = async (...flags: string[]) => {
      let [out, err] = ['', ''];
      const io = { read: () => Promise.resolve(''), out: (text: string) => (out += text), err: (text: string) => (err += `${text}\n`) };
      await command(
        ['metrics', '--metric', 'score', '--venue', 'binance', '--symbol', 'FETUSDT', '--data-dir', world.dir, '--json', ...flags],
        io,
      );
      return { json: JSON.parse(out) as { data: { time: number; value: number | null; reason: string | null }[]; notes: string[] }, err };
    };
    const { json, err } = await printed();
    expect(json.data.at(-1)).toMatchObject({ time: LAST, reason: null });
    expect(err).toBe(
      'The last settlement that is stored is of 2026-08-29T00:00:00.000Z, the next one was due at 2026-08-29T04:00:00.000Z: there is no value after that.\n',
    );
    expect(json.notes).toEqual([err.trimEnd()]);
    expect((await printed('--explain', '2026-11-28T12:00Z')).json.data).toMatchObject({ value: null, reason: 'stale' });
    await world.start();
  });
});

test('alerts: a rule over settlements that held in August holds no more, and says why', async () => {
  await open({ settlements: true });
  const condition = { choice: { metric: 'same-sign-run', params: {} }, op: 'above' as const, level: 1 };
  await world.call('alerts.save', {
    id: null,
    name: 'Run',
    on: { instrument: ID, among: null },
    conditions: [condition],
    k: 1,
    enabled: true,
  });
  await world.clock.advance(5 * MINUTE);
  const states = await world.call('alerts.states', {});
  expect(states).toMatchObject([{ phase: 'no-data', values: [null], why: ['stale'] }]);
});

test('an instrument that the venue delisted in August: nothing of it is of now, and every audit answers', async () => {
  world = new World({ speed: 10, start: AUGUST });
  const market = world.market();
  market.oldestAt = AUGUST - 40 * 24 * HOUR;
  for (const asset of ['OLD', 'BTC', 'ETH', 'SOL', 'XRP'])
    market.list(`${asset}USDT`, { asset, rate: (t) => 1e-5 * Math.sin(t / (50 * HOUR)) });
  await world.start();
  await world.clock.advance(MINUTE);
  const old = 'alpha:OLDUSDT';
  const list = (await world.call('watchlist.create', { name: 'Mine' })).lists.at(-1)?.id ?? '';
  await world.call('watchlist.add', { list, instrument: old });
  await world.look({ list });
  await world.clock.advance(70 * MINUTE);
  await world.stop();
  market.hidden.add('OLDUSDT');
  for (const path of ['/settled', '/prices', '/book']) market.faults.set(`${path}?symbol=OLDUSDT`, { kind: 'status', status: 404 });
  world.clock.setWall(NOVEMBER - world.clock.now());
  await world.start();
  await world.clock.advance(8 * MINUTE);
  expect((await world.row(old)).status).toBe('unlisted');
  for (let first = 0; first < METRICS.length; first += COLUMNS_AT_A_TIME) {
    const some = METRICS.slice(first, first + COLUMNS_AT_A_TIME);
    await world.look({ columns: some.map(({ name }) => ({ metric: name, params: {} })) });
    await world.clock.advance(MINUTE);
    const columns = world.cells(await world.row(old));
    expect(columns.map(({ value }, i) => [some[i]?.name, value])).toEqual(some.map(({ name }) => [name, null]));
  }
  for (const { name } of METRICS) {
    const { value, reason, wants } = await world.call('metrics.explain', {
      instrument: old,
      choice: { metric: name, params: {} },
      list,
      at: null,
    });
    expect([name, value, typeof reason, (wants ?? '').length > 3]).toEqual([name, null, 'string', true]);
  }
});
