import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { scenario as scenarioSchema, type ScenarioSave } from '#bridge/scenario.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import type { SizeInput } from '#domain/decisions/size-input.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

async function open(): Promise<World> {
  world = new World({ venues: ['alpha', 'beta'] });
  for (const market of world.markets.values()) {
    market.oldestAt = START - 3 * 24 * HOUR;
    market.list('BTCUSDT', { asset: 'BTC' });
    market.list('XYZUSDT', { asset: 'XYZ' });
  }
  await world.start();
  await world.clock.advance(MINUTE);
  return world;
}

const sizeInput: SizeInput = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  equity: '10000',
  risk: '0.01',
  entry: '100',
  stop: '95',
  leverage: 5,
  feeIn: 0.0005,
  feeOut: 0.0005,
  slipBps: 2,
  lotStep: '0.001',
  maintenance: { kind: 'flat', rate: '0.005' },
  base: 'BTC',
  quote: 'USDT',
};
const sized = (name: string, change: Partial<SizeInput> = {}, instrument = 'alpha:BTCUSDT'): ScenarioSave => ({
  id: null,
  name,
  kind: 'size',
  instruments: [instrument],
  typed: ['stop', 'risk'],
  input: { ...sizeInput, ...change },
});
const carried = (name: string): ScenarioSave => {
  const leg = { kind: 'perp' as const, price: 100, feeIn: 0.0005, feeOut: 0.0005, lotStep: '0.1', leverage: 5, rate: 0.0001, intervalH: 8 };
  return {
    id: null,
    name,
    kind: 'carry',
    instruments: ['alpha:BTCUSDT', 'beta:BTCUSDT'],
    typed: [],
    input: {
      long: { ...leg, nextFundingAt: START + HOUR },
      short: { ...leg, rate: 0.0003, nextFundingAt: START + HOUR, lotStep: '0.25' },
      quantity: '2.6',
      openAt: START,
      holdH: 24,
      history: [0.00001, null, -0.00002],
    },
  };
};
const names = async (): Promise<string[]> => (await world.call('scenarios.list', {})).map(({ name }) => name);
const told = (name: string): unknown[] => world.events.filter((event) => event.name === name).map(({ payload }) => payload);

describe('scenarios', () => {
  test('are kept whole: what is read back is what was saved, also after a restart', async () => {
    await open();
    const one = await world.call('scenarios.save', sized('Breakout'));
    const two = await world.call('scenarios.save', carried('Carry BTC'));
    expect(one).toMatchObject({ name: 'Breakout', kind: 'size', input: sizeInput, typed: ['stop', 'risk'], position: null });
    expect(scenarioSchema.safeParse(two).success).toBe(true);
    expect(told('scenarios.change').at(-1)).toEqual([one, two]);
    await world.stop();
    await world.start();
    expect(await world.call('scenarios.list', {})).toEqual([one, two]);
    const [read] = await world.call('scenarios.list', {});
    expect(read?.kind === 'size' && sizePosition(read.input)).toEqual(sizePosition(sizeInput));
  });

  test('are on disk when they are answered', async () => {
    await open();
    const { id } = await world.call('scenarios.save', sized('Breakout'));
    const db = new Database(join(world.dir, 'person.sqlite'), { readonly: true });
    expect(db.prepare("SELECT id FROM facts WHERE kind = 'scenario'").pluck().all()).toEqual([id]);
    db.close();
    world.failingPerson.add('recordScenario');
    await expect(world.call('scenarios.save', sized('Second'))).rejects.toThrow('could not be kept');
    await expect(world.call('scenarios.delete', { id })).rejects.toThrow('could not be kept');
    expect(await names()).toEqual(['Breakout']);
  });

  test('change in place, keep their name to themselves, and go when deleted', async () => {
    await open();
    const { id, savedAt } = await world.call('scenarios.save', sized('Breakout'));
    await world.call('scenarios.save', sized('Other'));
    await world.clock.advance(MINUTE);
    const changed = await world.call('scenarios.save', { ...sized('Breakout 2', { stop: '96' }), id });
    expect(changed).toMatchObject({ id, savedAt, name: 'Breakout 2', input: { stop: '96' } });
    expect(await names()).toEqual(['Breakout 2', 'Other']);
    await expect(world.call('scenarios.save', sized(' OTHER '))).rejects.toThrow('There is a scenario called “OTHER” already.');
    await world.call('scenarios.delete', { id });
    expect(await names()).toEqual(['Other']);
    await expect(world.call('scenarios.delete', { id })).rejects.toThrow('does not exist any more');
    await expect(world.call('scenarios.save', { ...sized('Late'), id })).rejects.toThrow('does not exist any more');
  });

  test('saved at once they do not take each other’s place', async () => {
    await open();
    const saved = await Promise.all(['a', 'b', 'c'].map((name) => world.call('scenarios.save', sized(name))));
    expect(new Set(saved.map(({ id }) => id)).size).toBe(3);
    expect((await names()).sort()).toEqual(['a', 'b', 'c']);
  });

  test('a row that cannot be read costs itself, is said so and stays', async () => {
    await open();
    const { id } = await world.call('scenarios.save', sized('Breakout'));
    await world.call('scenarios.save', sized('Other'));
    await world.stop();
    const db = new Database(join(world.dir, 'person.sqlite'));
    const put = db.prepare("INSERT INTO facts (kind, id, learnt_at, body) VALUES ('scenario', ?, 1, ?)");
    put.run(id, JSON.stringify({ savedAt: 1, body: '{"name": 7}' }));
    put.run('torn', JSON.stringify({ savedAt: 1, body: '{' }));
    db.close();
    await world.start();
    expect(await names()).toEqual(['Other']);
    const { notices } = await world.call('history.status', {});
    expect(notices.filter((notice) => notice.includes('could not be read'))).toHaveLength(2);
    await world.call('scenarios.save', sized('Third'));
    const again = new Database(join(world.dir, 'person.sqlite'), { readonly: true });
    expect(again.prepare("SELECT count(DISTINCT id) FROM facts WHERE kind = 'scenario'").pluck().get()).toBe(4);
    again.close();
  });

  test('input that no calculator takes is refused by field', async () => {
    await open();
    const wrong = await world.app.dispatch('scenarios.save', { ...sized('x'), input: { ...sizeInput, nonsense: 1 } });
    expect(wrong.ok ? '' : `${wrong.error.code}: ${wrong.error.message}`).toMatch(/^bad-input: .*nonsense/u);
    await expect(world.call('scenarios.save', sized('x', {}, 'alpha:NOSUCH'))).rejects.toThrow('No venue lists alpha:NOSUCH');
    await expect(world.call('scenarios.save', { ...sized('  ') })).rejects.toThrow('The name must not be empty');
  });
});

describe('opening a position', () => {
  test('holds what the calculation sized, at the real entry', async () => {
    await open();
    const { id } = await world.call('scenarios.save', sized('Breakout'));
    const openAt = world.clock.now();
    const opened = await world.call('positions.open', { id, openAt, entries: ['100.5'] });
    expect(opened.position).toEqual({
      openAt,
      closedAt: null,
      legs: [{ instrument: 'alpha:BTCUSDT', side: 'long', contracts: '19.468', units: '19.468', entry: '100.5' }],
      told: [],
    });
    const closed = await world.call('positions.close', { id, closedAt: openAt + 1 });
    expect(closed.position?.closedAt).toBe(openAt + 1);
    expect(await world.call('positions.list', {})).toEqual([]);
  });

  test('holds what was filled where that is another quantity', async () => {
    await open();
    const { id } = await world.call('scenarios.save', sized('Partial'));
    const { position } = await world.call('positions.open', { id, openAt: world.clock.now(), entries: ['100.5'], contracts: ['12.5'] });
    expect(position?.legs).toMatchObject([{ contracts: '12.5', units: '12.5', entry: '100.5' }]);
    await expect(world.call('positions.open', { id, openAt: world.clock.now(), contracts: ['many'] })).rejects.toThrow('(contracts)');
  });

  test('of a carry are both legs, rounded to what both trade', async () => {
    await open();
    const { id } = await world.call('scenarios.save', carried('Carry'));
    const { position } = await world.call('positions.open', { id, openAt: world.clock.now() });
    expect(position?.legs).toEqual([
      { instrument: 'alpha:BTCUSDT', side: 'long', contracts: '2.5', units: '2.5', entry: '100' },
      { instrument: 'beta:BTCUSDT', side: 'short', contracts: '2.5', units: '2.5', entry: '100' },
    ]);
    expect((await world.call('positions.list', {})).map(({ instrument, side }) => `${side} ${instrument.id}`)).toEqual([
      'long alpha:BTCUSDT',
      'short beta:BTCUSDT',
    ]);
  });

  test('is refused where the calculation has no size, in the future, or with the wrong legs', async () => {
    await open();
    const bad = await world.call('scenarios.save', sized('Wrong side', { stop: '105' }));
    await expect(world.call('positions.open', { id: bad.id, openAt: START })).rejects.toThrow('wrong side of a long');
    const good = await world.call('scenarios.save', sized('Good'));
    await expect(world.call('positions.open', { id: good.id, openAt: world.clock.now() + HOUR })).rejects.toThrow('in the future');
    await expect(world.call('positions.open', { id: good.id, openAt: START, entries: ['cheap'] })).rejects.toThrow(
      '"cheap" is not a number',
    );
    await expect(world.call('positions.close', { id: good.id, closedAt: START })).rejects.toThrow('No position');
    const one = await world.call('scenarios.save', { ...carried('Half'), instruments: ['alpha:BTCUSDT'] });
    await expect(world.call('positions.open', { id: one.id, openAt: START })).rejects.toThrow('2 perpetual legs, and 1 instruments');
  });
});
