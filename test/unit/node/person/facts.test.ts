import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import type { PersonFacts } from '#core/settings.ts';
import { openPerson, type OpenPersonOptions } from '#node/person/open-person.ts';
import { silent, T0, tempDir } from '../history/support.ts';

const HOUR = 3_600_000;
const defaults = defaultSettings([{ id: 'binance', onByDefault: true }]);
const rule = {
  id: 'r1',
  name: 'Crowd',
  on: { instrument: 'binance:BTCUSDT', among: null },
  conditions: [{ choice: { metric: 'ema-divergence', params: { n: 24 } }, op: 'outside' as const, level: 0.0005 }],
  k: 3,
  enabled: true,
  since: 1,
};
const own: PersonFacts = {
  lists: [
    { id: 'mine', name: 'Mine', assets: [], seeded: ['binance'], items: ['binance:BTCUSDT', 'binance:ETHUSDT'] },
    { id: 'other', name: 'Other', assets: ['TAO'], seeded: [], items: [] },
  ],
  thresholds: { theta: 0.001, k: 5, n: 24 },
  ownThresholds: { 'binance:BTCUSDT': { theta: 0.00002 }, 'binance:odd name': { k: 2 } },
  alerts: [rule, { ...rule, id: 'r2', name: 'Second' }],
};
const only = ({ lists, thresholds, ownThresholds, alerts }: PersonFacts): PersonFacts => ({ lists, thresholds, ownThresholds, alerts });

async function open(dir: string, values: Partial<OpenPersonOptions> = {}) {
  return openPerson({
    file: join(dir, 'person.sqlite'),
    demo: false,
    log: silent,
    now: () => T0,
    defaults,
    outgrown: null,
    history: join(dir, 'history.sqlite'),
    ...values,
  });
}

test('a new person has the defaults, and nothing is said of them', async () => {
  const dir = tempDir();
  const person = await open(dir);
  expect([person.current, person.notices]).toEqual([only(defaults), []]);
  await person.flush();
  await person.close();
  const db = new Database(join(dir, 'person.sqlite'), { readonly: true });
  expect(db.prepare('SELECT count(*) FROM facts').pluck().get()).toBe(0);
  db.close();
});

test('what is acknowledged is there at the next start, in its order', async () => {
  const dir = tempDir();
  const person = await open(dir);
  person.update(() => own);
  person.update((before) => ({ ...before, lists: before.lists.toReversed() }));
  await person.flush();
  // Not closed: what a kill would leave.
  const again = await open(dir);
  expect([again.current, again.notices]).toEqual([{ ...own, lists: own.lists.toReversed() }, []]);
  await again.close();
  await person.close();
});

test('a change that is none is refused and keeps what was', async () => {
  const person = await open(tempDir());
  expect(() => person.update((before) => ({ ...before, thresholds: { theta: -1, k: 3, n: 12 } }))).toThrow();
  expect(person.current).toEqual(only(defaults));
  await person.close();
});

test('every version of a list, a threshold and a rule can be read as of its time, also of what is deleted', async () => {
  let now = T0;
  const person = await open(tempDir(), { now: () => now });
  const versions: { at: number; was: PersonFacts }[] = [];
  const say = async (change: (before: PersonFacts) => PersonFacts): Promise<void> => {
    now += HOUR;
    const was = person.update(change);
    await person.flush();
    versions.push({ at: now, was });
  };
  await say(() => own);
  await say((before) => ({ ...before, lists: before.lists.slice(1) }));
  await say((before) => ({ ...before, ownThresholds: {}, thresholds: { ...before.thresholds, k: 6 } }));
  await say((before) => ({ ...before, alerts: before.alerts.map((one) => ({ ...one, enabled: false })) }));
  await say((before) => ({ ...before, alerts: [], lists: own.lists }));
  await say((before) => ({ ...before, lists: before.lists.toReversed() }));
  for (const { at, was } of versions) {
    expect(await person.at(at)).toEqual(was);
    expect(await person.at(at + HOUR - 1)).toEqual(was);
  }
  expect(await person.at(T0)).toEqual(only(defaults));
  await person.close();
});

test('a fact that cannot be used costs itself, is told, and stays in the file', async () => {
  const dir = tempDir();
  const person = await open(dir);
  person.update(() => own);
  await person.close();
  const db = new Database(join(dir, 'person.sqlite'));
  const put = db.prepare('INSERT INTO facts (kind, id, learnt_at, body) VALUES (?, ?, 1, ?)');
  put.run('rule', 'r2', '{"name":"of a later version","conditions":[]}');
  put.run('list', 'torn', '{');
  put.run('note', 'n1', '{"text":"of a later version"}');
  db.close();
  const again = await open(dir);
  expect(again.current).toEqual({ ...own, alerts: [rule] });
  expect(again.notices).toHaveLength(2);
  expect(again.notices.join()).toMatch(/list "torn" cannot be read.*"alerts" had entries that cannot be used/u);
  again.update((before) => ({ ...before, thresholds: { ...before.thresholds, k: 7 } }));
  await again.close();
  const after = new Database(join(dir, 'person.sqlite'), { readonly: true });
  const newest = after
    .prepare<[string, string], string | null>('SELECT body FROM facts WHERE kind = ? AND id = ? ORDER BY number DESC LIMIT 1')
    .pluck();
  expect(newest.get('rule', 'r2')).toContain('of a later version');
  expect([newest.get('list', 'torn'), newest.get('note', 'n1')]).toEqual(['{', '{"text":"of a later version"}']);
  after.close();
});
