import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { REQUEST_MS } from '#core/ports/person.ts';
import { readWanted } from '#node/person/read-wanted.ts';
import { readRequest, writeRequest } from '#node/person/requests.ts';
import { SqlitePerson } from '#node/person/sqlite-person.ts';

const NOW = Date.UTC(2026, 9, 1);
const request = { watch: ['alpha:BTCUSDT', 'alpha:ETHUSDT'], first: ['alpha:ETHUSDT'], plan: ['alpha:BTCUSDT'] };

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-requests-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});
const file = (): string => join(dir, 'person.sqlite');
const history = (): string => join(dir, 'none');
const paths = () => ({ person: file(), dir, database: history() });
const open = (): SqlitePerson =>
  new SqlitePerson({
    file: file(),
    kind: 'live',
    log: { write: () => undefined },
    now: () => NOW,
    old: { facts: [], history: history() },
  });

test('a request holds until it is withdrawn, or not said again for its time; the file does not grow by it', () => {
  open().close();
  const db = new Database(file());
  writeRequest(db, request, NOW);
  expect(readRequest(db, NOW + REQUEST_MS)).toEqual(request);
  expect(readRequest(db, NOW + REQUEST_MS + 1)).toBeNull();
  // The clock of this machine was set back: it is said again soon, or its terminal is gone.
  expect(readRequest(db, NOW - REQUEST_MS - 1)).toBeNull();
  for (let i = 0; i < 100; i++) writeRequest(db, { ...request, plan: [] }, NOW + i);
  expect(db.prepare('SELECT count(*) FROM requests').pluck().get()).toBe(1);
  expect(db.prepare('SELECT count(*) FROM facts').pluck().get()).toBe(0);
  writeRequest(db, null, NOW);
  expect(readRequest(db, NOW)).toBeNull();
  db.close();
});

test('a collector reads it beside the terminal, and what is no request asks nothing', () => {
  const person = open();
  person.askCollector(request);
  expect(readWanted(paths())).toEqual({
    lists: [],
    others: [...request.watch, ...request.plan],
    first: request.first,
    plan: request.plan,
  });
  person.askCollector(null);
  expect(readWanted(paths())).toEqual({ lists: [], others: [], first: [], plan: [] });
  person.close();
  const db = new Database(file());
  for (const body of ['no JSON', '[]', '{"watch":"alpha:BTCUSDT","plan":[]}'])
    db.prepare('INSERT OR REPLACE INTO requests VALUES (?, ?, ?)').run('terminal', Date.now(), body);
  expect(readRequest(db, Date.now())).toBeNull();
  const many = Array.from({ length: 100 }, (_, i) => `alpha:N${i}USDT`);
  writeRequest(db, { watch: [], first: [], plan: [...many] }, NOW);
  expect(readRequest(db, NOW)?.plan).toHaveLength(16);
  db.close();
});

test('a file of the version before is read as asking nothing', () => {
  open().close();
  const db = new Database(file());
  db.exec('DROP TABLE requests; DROP TABLE owed; DROP TABLE acknowledged; DROP TABLE posts');
  db.pragma('user_version = 1');
  db.close();
  expect(readWanted(paths()).plan).toEqual([]);
  const person = open();
  person.askCollector(request);
  expect(readWanted(paths()).plan).toEqual(request.plan);
  person.close();
});

test('of a folder that no terminal of this version has opened it reads lists, rules and open positions where they were kept', () => {
  const db = new Database(history());
  db.exec('CREATE TABLE scenarios (id TEXT PRIMARY KEY, saved_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT');
  const put = db.prepare('INSERT INTO scenarios VALUES (?, 1, ?)');
  const position = (instrument: string, closedAt: number | null) => JSON.stringify({ position: { closedAt, legs: [{ instrument }] } });
  put.run('open', position('alpha:SOLUSDT', null));
  put.run('closed', position('alpha:XRPUSDT', 5));
  put.run('plan', JSON.stringify({ position: null }));
  db.close();
  const lists = [{ id: 'mine', name: 'Mine', assets: [], seeded: [], items: ['alpha:BTCUSDT'] }];
  const rule = (instrument: string, enabled: boolean) => ({ id: instrument, name: 'x', on: { instrument }, conditions: [], k: 1, enabled });
  const alerts = [rule('alpha:ETHUSDT', true), rule('alpha:ADAUSDT', false), 'no rule', { on: { list: 'mine' }, enabled: true }];
  writeFileSync(join(dir, 'settings.json'), JSON.stringify({ lists, alerts }));
  const wanted = readWanted(paths());
  expect(wanted.lists).toMatchObject([{ name: 'Mine', items: ['alpha:BTCUSDT'] }]);
  expect(wanted).toMatchObject({ others: ['alpha:ETHUSDT', 'alpha:SOLUSDT'], first: [], plan: [] });

  writeFileSync(history(), 'no history at all, but what a disk made of one');
  expect(readWanted(paths())).toMatchObject({ lists: [{ name: 'Mine' }], others: ['alpha:ETHUSDT'] });
});
