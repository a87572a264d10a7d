import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { connect } from '#node/history/connection.ts';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { openPerson } from '#node/person/open-person.ts';
import { writeFacts } from '#node/person/facts.ts';
import { takeOverHistory, takeOverSettings } from '#node/person/take-over.ts';
import { leavesOf, overwrite, PAGE, silent, T0, tempDir } from '../history/support.ts';
import { openFile } from './support.ts';

const HOUR = 3_600_000;
const BTC = 'binance:BTCUSDT';
/** The layout of the history of the version before the person's file. */
const BEFORE = 11;

const scenarios = Array.from({ length: 40 }, (_, i) => ({
  id: `s${i}`,
  savedAt: T0 + i,
  body: JSON.stringify({ i, text: 'x'.repeat(300) }),
}));
const alerts = Array.from({ length: 60 }, (_, i) => ({
  rule: `r${i % 3}`,
  instrument: i % 2 === 0 ? BTC : 'binance:ETHUSDT',
  at: T0 + i * HOUR,
  told: i % 5 !== 0,
  body: JSON.stringify({ i }),
}));
const signals = Array.from({ length: 50 }, (_, i) => ({
  instrument: BTC,
  at: T0 + i * HOUR,
  side: i % 2 === 0 ? (1 as const) : (-1 as const),
  d: i / 1e4,
  theta: 5e-4,
  k: 3,
  n: 12,
  observations: i,
  running: 1,
}));

/** A history as the version before wrote it, with what it kept of the person. */
function oldHistory(): string {
  const file = join(tempDir(), 'history.sqlite');
  new Database(file).close();
  const db = connect(file);
  db.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(db, MIGRATIONS.slice(0, BEFORE));
  db.prepare("INSERT INTO instruments VALUES (1, ?, 'binance', 'BTCUSDT', 'BTC', 'USDT', 'USDT', 'linear', 1)").run(BTC);
  for (const { id, savedAt, body } of scenarios) db.prepare('INSERT INTO scenarios VALUES (?, ?, ?)').run(id, savedAt, body);
  for (const { rule, instrument, at, told, body } of alerts)
    db.prepare('INSERT INTO alerts VALUES (?, ?, ?, ?, ?)').run(rule, instrument, at, Number(told), body);
  for (const { at, side, d, theta, k, n, observations, running } of signals)
    db.prepare('INSERT INTO signals VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)').run(at, side, d, theta, k, n, observations, running);
  db.close();
  return file;
}
const newestFirst = alerts.toSorted((a, b) => b.at - a.at);

test('what the history kept of the person is taken over row by row, once; when it was learnt counts as the moment of that', () => {
  const history = oldHistory();
  const file = join(history, '../person.sqlite');
  const { store } = openFile(file, { now: () => T0 + 100 * HOUR });
  expect(store.scenarios(null)).toEqual(scenarios);
  expect(store.alerts(999, null)).toEqual(newestFirst);
  expect(store.signals(BTC, 0, Infinity, null)).toEqual(signals);
  expect([store.scenarios(T0 + 99 * HOUR), store.alerts(9, T0 + 99 * HOUR), store.signals(BTC, 0, Infinity, T0 + 99 * HOUR)]).toEqual([
    [],
    [],
    [],
  ]);
  expect(store.scenarios(T0 + 100 * HOUR)).toEqual(scenarios);
  store.recordScenario('s3', null);
  store.close();
  const again = openFile(file, { now: () => T0 + 101 * HOUR }).store;
  expect(again.scenarios(null)).toEqual(scenarios.filter(({ id }) => id !== 's3'));
  expect(again.alerts(999, null)).toHaveLength(alerts.length);
  // The old rows stay where they are.
  const db = new Database(history, { readonly: true });
  expect(db.prepare('SELECT count(*) FROM scenarios').pluck().get()).toBe(scenarios.length);
  db.close();
});

test('what settings.json held is taken over whole, once, and only what stood there', async () => {
  const dir = tempDir();
  const defaults = defaultSettings([{ id: 'binance', onByDefault: true }]);
  const outgrown = {
    lists: [{ id: 'mine', name: 'Mine', assets: [], seeded: [], items: [BTC, 7] }],
    ownThresholds: { [BTC]: { theta: 0.00002 } },
  };
  const options = {
    file: join(dir, 'person.sqlite'),
    demo: false,
    log: silent,
    now: () => T0,
    defaults,
    history: join(dir, 'history.sqlite'),
  };
  const person = await openPerson({ ...options, outgrown });
  expect(person.current.lists).toEqual([{ id: 'mine', name: 'Mine', assets: [], seeded: [], items: [BTC] }]);
  expect(person.current.ownThresholds).toEqual(outgrown.ownThresholds);
  expect(person.notices).toEqual([expect.stringMatching(/"lists" had entries that cannot be used.*It stays in settings\.json\./u)]);
  expect(person.tookSettings).toBe(false);
  person.update((before) => ({ ...before, lists: [{ id: 'new', name: 'New', assets: [], seeded: [], items: [] }] }));
  await person.close();
  const again = await openPerson({ ...options, outgrown: { ...outgrown, lists: [] } });
  expect(again.current.lists.map(({ id }) => id)).toEqual(['new']);
  await again.close();
  const db = new Database(options.file, { readonly: true });
  expect(db.prepare("SELECT count(*) FROM facts WHERE kind = 'threshold' AND id = ''").pluck().get()).toBe(1);
  db.close();
});

test('settings of an older version that come when others are in force stay in settings.json, and it is said', async () => {
  const file = join(tempDir(), 'person.sqlite');
  const defaults = defaultSettings([{ id: 'binance', onByDefault: true }]);
  const options = { file, demo: false, log: silent, now: () => T0, defaults, history: join(file, '../history.sqlite') };
  const fresh = await openPerson({ ...options, outgrown: null });
  await fresh.close();
  const lists = [{ id: 'mine', name: 'Mine', assets: [], seeded: [], items: [BTC] }];
  const copied = await openPerson({ ...options, outgrown: { lists } });
  expect([copied.tookSettings, copied.current.lists]).toEqual([false, defaults.lists]);
  expect(copied.notices).toEqual([expect.stringMatching(/^settings\.json holds lists.*They stay in settings\.json\.$/u)]);
  copied.update((all) => ({ ...all, lists }));
  await copied.close();
  const again = await openPerson({ ...options, outgrown: { lists } });
  expect([again.tookSettings, again.notices]).toEqual([true, []]);
  await again.close();
});

test('what was not committed has not happened: a file whose taking over was cut off takes it all over, once', () => {
  const history = oldHistory();
  const whole = openFile(join(history, '../person.sqlite'));
  whole.store.close();
  // As a kill leaves it: the last transaction of the -wal is torn.
  const db = new Database(whole.file);
  db.exec("DELETE FROM facts WHERE id > 's2'; DELETE FROM alerts WHERE at > 1; DELETE FROM meta WHERE name = 'history_taken'");
  db.close();
  const { store } = openFile(whole.file);
  expect(store.scenarios(null)).toEqual(scenarios);
  expect(store.alerts(999, null)).toEqual(newestFirst);
  expect(store.signals(BTC, 0, Infinity, null)).toEqual(signals);
});

test('a damaged history gives what of it can be read, and the rest when a sound one is back', () => {
  const history = oldHistory();
  copyFileSync(history, `${history}.sound`);
  overwrite(history, ((leavesOf(history, 'scenarios')[1] ?? 0) - 1) * PAGE, PAGE);
  const { store, clock } = openFile(join(history, '../person.sqlite'));
  expect(store.alerts(999, null)).toEqual(newestFirst);
  expect(store.scenarios(null)).toEqual([]);
  store.recordScenario('s1', { savedAt: T0 + 1, body: 'changed meanwhile' });
  copyFileSync(`${history}.sound`, history);
  clock.now += 60_000;
  store.tend(true);
  expect(store.scenarios(null)).toEqual(scenarios.map((one) => (one.id === 's1' ? { ...one, body: 'changed meanwhile' } : one)));
  expect(store.alerts(999, null)).toHaveLength(alerts.length);
});

test.each([
  ['cut to nothing', (path: string) => writeFileSync(path, '')],
  ['of the demo', (path: string) => copyFileSync(path.replace('.sqlite', '.demo'), path)],
  [
    'of another program',
    (path: string) => {
      rmSync(path);
      new Database(path).exec('CREATE TABLE theirs (a)').close();
    },
  ],
])('a history that is %s gives nothing and is asked again when ours is back', (_, put) => {
  const history = oldHistory();
  copyFileSync(history, `${history}.sound`);
  const demo = history.replace('.sqlite', '.demo');
  copyFileSync(history, demo);
  const db = new Database(demo);
  db.pragma(`application_id = ${APPLICATION_ID.demo}`);
  db.close();
  put(history);
  const { store, clock } = openFile(join(history, '../person.sqlite'));
  expect(store.scenarios(null)).toEqual([]);
  copyFileSync(`${history}.sound`, history);
  clock.now += 60_000;
  store.tend(true);
  expect(store.scenarios(null)).toEqual(scenarios);
  expect(store.alerts(999, null)).toEqual(newestFirst);
  expect(store.signals(BTC, 0, Infinity, null)).toEqual(signals);
});

test('what is changed while the file is read again stands', async () => {
  const history = oldHistory();
  const aside = `${history}.aside`;
  renameSync(history, aside);
  let now = T0;
  let onAsked = (): void => undefined;
  const time = (): number => {
    onAsked();
    return now;
  };
  const defaults = defaultSettings([{ id: 'binance', onByDefault: true }]);
  const file = join(history, '../person.sqlite');
  const options = { file, demo: false, log: silent, now: time, defaults, outgrown: null, history };
  const person = await openPerson(options);
  renameSync(aside, history);
  now += 60_000;
  const kOf = ({ current }: typeof person): number => current.thresholds.k;
  // The time is looked at for every question to the file: the second one reads what it holds.
  let asked = 0;
  onAsked = () => {
    if (++asked === 2) queueMicrotask(() => person.update((all) => ({ ...all, thresholds: { ...all.thresholds, k: 77 } })));
  };
  expect(await person.tend()).toBe(true);
  expect(asked).toBeGreaterThan(1);
  expect(kOf(person)).toBe(77);
  await person.close();
  const again = await openPerson(options);
  expect(kOf(again)).toBe(77);
  await again.close();
});

test('a process that waited for the lock while another took everything over takes nothing over again', () => {
  const history = oldHistory();
  const { store, file } = openFile(join(tempDir(), 'person.sqlite'));
  store.close();
  const [first, late] = [connect(file), connect(file)];
  first.exec("DELETE FROM meta WHERE name IN ('taken_over', 'history_taken'); DELETE FROM facts");
  const old = { facts: [{ kind: 'threshold', id: '', body: '{"n":7}' }], history };
  const begin = late.transaction.bind(late);
  // The other one commits between the first look of the late one and its lock.
  const overtake = (act: () => void): void => {
    vi.spyOn(late, 'transaction').mockImplementationOnce((work) => {
      act();
      return begin(work);
    });
  };
  const count = (): unknown => first.prepare('SELECT count(*) FROM facts').pluck().get();

  overtake(() => {
    takeOverSettings(first, old, T0);
    writeFacts(first, [{ kind: 'threshold', id: '', body: '{"n":8}' }], T0);
  });
  takeOverSettings(late, old, T0 + 1);
  expect(first.prepare('SELECT body FROM facts ORDER BY number').pluck().all()).toEqual(['{"n":7}', '{"n":8}']);

  overtake(() => expect(takeOverHistory(first, old, 'live')).toBe(true));
  expect(takeOverHistory(late, old, 'live')).toBe(false);
  expect(count()).toBe(2 + scenarios.length);
  for (const db of [first, late]) db.close();
});
