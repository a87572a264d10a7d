import { afterEach, expect, test } from 'vitest';
import { METRICS } from '#domain/metrics/index.ts';
import type { Wire } from '#node/demo/wire/wire.ts';
import { createWires } from '#node/demo/market.ts';
import { HOUR, World } from '#test/support/world.ts';

const AUGUST = Date.UTC(2026, 7, 29, 0, 30);
const NOVEMBER = Date.UTC(2026, 10, 28, 12, 30);
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});
const refuse: Wire = () => ({ status: 503, type: 'application/json', body: '{}' });
let history: 'served' | 'refused' = 'served';
let polls: 'served' | 'refused' = 'served';
const isHistory = (path: string, body: string) => /funding(Rate|\/history)|Klines|kline|fundingHistory|candleSnapshot/u.test(path + body);
const guarded = (wire: Wire): Wire => (request, now) =>
  (isHistory(request.path, request.body) ? history : polls) === 'refused' ? refuse(request, now) : wire(request, now);

test('experiment', async () => {
  const { wires } = createWires(1);
  world = new World({
    start: AUGUST,
    venues: ['binance', 'bybit', 'hyperliquid'],
    wires: { binance: guarded(wires.binance), bybit: guarded(wires.bybit), hyperliquid: guarded(wires.hyperliquid) },
    settings: (all) => ({
      ...all,
      lists: all.lists.map((list) => ({ ...list, assets: ['FET'] })),
      columns: METRICS.slice(0, 12).map(({ name }) => ({ metric: name, params: name === 'cumulative-funding' ? { days: 1 } : {} })),
    }),
  });
  await world.start();
  await world.clock.advance(3 * HOUR);
  const print = async (id: string, what: string) => {
    const row = await world.row(id);
    console.log(what, id, row.why, row.d, METRICS.slice(0, 12).map(({ name, on }, i) => `${on} ${name} ${row.columns[i]?.value ?? row.columns[i]?.reason} ${row.columns[i]?.word}`).join('\n'));
  };
  console.log((await world.call('watchlist.rows', {})).map((r) => r.instrument.id), world.logged.slice(0, 10));
  await print('binance:FETUSDT', 'august');
  for (const mode of ['a', 'b'] as const) {
    await world.stop();
    history = 'refused';
    polls = mode === 'a' ? 'served' : 'refused';
    if (mode === 'a') world.clock.setWall(NOVEMBER - world.clock.now());
    await world.start();
    await world.clock.advance(10 * 60_000);
    await print('binance:FETUSDT', mode);
    for (const metric of METRICS) {
      try {
        const why = await world.call('metrics.explain', { instrument: 'binance:FETUSDT', choice: { metric: metric.name, params: {} }, at: null });
        console.log(metric.name, new Date(why.time).toISOString(), why.value, why.reason, why.wants);
        const series = await world.call('metrics.series', { instrument: 'binance:FETUSDT', choice: { metric: metric.name, params: {} }, from: null });
        console.log('   ', new Date(series.time.at(-1) ?? 0).toISOString(), series.value.at(-1), series.live?.value, series.live?.reason);
      } catch (e) { console.log(metric.name, String(e)); }
    }
  }
  expect(1).toBe(1);
}, 120_000);
