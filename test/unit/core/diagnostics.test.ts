import { afterEach, expect, test } from 'vitest';
import { World } from '#test/support/world.ts';

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

async function open(): Promise<World> {
  world = new World();
  world.market().list('BTCUSDT', { asset: 'BTC' });
  await world.start();
  await world.clock.advance(5000);
  return world;
}

test('diagnostics tell versions, health, settings and the log, and nothing that is the person’s own', async () => {
  await open();
  await world.call('watchlist.create', { name: 'My secret list' });
  await world.call('settings.change', { calculators: { ...world.settings.calculators, equity: '987654' } });
  const { text } = await world.call('app.diagnostics', {});
  for (const told of ['Perpscope 0.0.0 (browser, test)', 'node 24.0.0', 'alpha: healthy', '"proxy": "system"', 'a line of the log'])
    expect(text).toContain(told);
  expect(text).toContain('Data: <data>');
  for (const own of ['My secret list', '987654', world.dir]) expect(text).not.toContain(own);
});

test('a log that cannot be read does not keep the rest from being told', async () => {
  await open();
  world.machine.logTail = () => Promise.reject(new Error('EACCES'));
  expect((await world.call('app.diagnostics', {})).text).toContain('The log cannot be read: Error: EACCES');
});

test('memory beyond its bound is told once a minute has passed, and no more when it is well below', async () => {
  await open();
  const notices = async (): Promise<string> => (await world.call('history.status', {})).notices.join('\n');
  world.machine.held = 1_200_000_000;
  await world.clock.advance(61_000);
  expect(await notices()).toContain('Perpscope holds 1.2 GB of memory, more than the 1.0 GB that it should.');
  world.machine.held = 950_000_000;
  await world.clock.advance(60_000);
  expect(await notices()).toContain('of memory');
  world.machine.held = 800_000_000;
  await world.clock.advance(60_000);
  expect(await notices()).not.toContain('of memory');
});

test('what happened to the shell is among the notices', async () => {
  await open();
  world.app.notice('The screen stopped.');
  expect((await world.call('history.status', {})).notices).toContain('The screen stopped.');
});
