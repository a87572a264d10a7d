import { afterEach, expect, test } from 'vitest';
import type { AlertManners } from '#core/settings.ts';
import { isFrozen } from '#domain/market-events.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World | null = null;
afterEach(async () => {
  await world?.stop();
  world?.dispose();
  world = null;
});

test('an index is frozen where it stands for a quarter of an hour while two others and more move', () => {
  const moved = (...shares: number[]) => shares.map((share) => ({ before: 100, now: 100 * (1 + share) }));
  const standing = 15 * MINUTE;
  expect(isFrozen(standing, moved(0.003, -0.003))).toBe(true);
  expect(isFrozen(standing - 1, moved(0.003, 0.003))).toBe(false);
  expect(isFrozen(standing, moved(0.01))).toBe(false);
  // One that moves alone may be the wrong one.
  expect(isFrozen(standing, moved(0.01, 0, 0))).toBe(false);
  expect(isFrozen(standing, [])).toBe(false);
});

async function open(events: AlertManners['events']): Promise<World> {
  const opened = new World({
    settings: (all) => ({
      ...all,
      lists: [{ id: 'own', name: 'Own', assets: [], seeded: [], items: ['alpha:BTCUSDT'] }],
      alertManners: { ...all.alertManners, events },
    }),
  });
  world = opened;
  const market = opened.market();
  market.oldestAt = START - HOUR;
  for (const asset of ['BTC', 'ETH']) market.list(`${asset}USDT`, { asset, intervalH: (t) => (t > START + 10 * MINUTE ? 4 : 8) });
  await opened.start();
  await opened.clock.advance(2 * MINUTE);
  return opened;
}
const said = (of: World) => of.notifications.map(({ title, body }) => `${title}. ${body}`);

test('a changed interval, a delisting and a venue that is down are told once each, of what is followed or of everything', async () => {
  const critical = { of: 'followed', severity: 'critical' } as const;
  const of = await open({ interval: critical, delisting: { of: 'all', severity: 'info' }, 'venue-down': critical });
  await of.clock.until(START + 20 * MINUTE);
  expect(said(of)).toEqual(['BTC/USDT on Alpha: interval changed. settles every 4 h from now on (before: 8 h)']);
  of.market().closed.add('ETHUSDT');
  await of.clock.advance(10 * MINUTE);
  expect(said(of).slice(1)).toEqual(['ETH/USDT on Alpha: delisted. Alpha lists it no longer']);
  of.market().fault = { kind: 'network' };
  await of.clock.advance(20 * MINUTE);
  expect(said(of).slice(2)).toEqual([expect.stringMatching(/^Alpha: does not answer\. /u)]);
  const log = await of.call('alerts.log', { limit: 10 });
  expect(log.map(({ rule, instrument, severity }) => [rule, instrument, severity])).toEqual([
    ['event venue-down', 'alpha:*', 'critical'],
    ['event delisting', 'alpha:ETHUSDT', 'info'],
    ['event interval', 'alpha:BTCUSDT', 'critical'],
  ]);
  await of.stop();
  await of.start();
  await of.clock.advance(5 * MINUTE);
  expect(said(of)).toHaveLength(3);
});

test('a listing is told of everything, what was listed before is not; switched off nothing is', async () => {
  const of = await open({ listing: { of: 'all', severity: 'info' } });
  expect(said(of)).toEqual([]);
  of.market().list('NEWUSDT', { asset: 'NEW', intervalH: () => 4 });
  await of.clock.advance(3 * MINUTE);
  expect(said(of)).toEqual(['NEW/USDT on Alpha: listed. Listed now, settles every 4 h.']);
  const { alertManners } = await of.call('settings.get', {});
  await of.call('settings.change', { alertManners: { ...alertManners, events: {} } });
  of.market().list('LATERUSDT', { asset: 'LATER' });
  await of.clock.advance(3 * MINUTE);
  expect(said(of)).toHaveLength(1);
});
