import { seal } from '#node/backup/backup-file.ts';
import { backupName } from '#node/backup/files.ts';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { assertSqliteVersion, connect } from '#node/history/connection.ts';
import { layoutAt, openFile } from '#node/history/open-file.ts';
import { APPLICATION_ID, migrate, type Migration, MIGRATIONS } from '#node/history/schema.ts';
import { HOUR, instrument, leavesOf, openStore, overwrite, PAGE, poll, snapshot, T0, tempDir } from './support.ts';

const BTC = instrument('BTC').id;
const all = [0, Infinity] as const;

/** A closed history file with a few thousand rows and its bytes. */
function stored(kind: 'live' | 'demo' = 'live'): { file: string; bytes: Buffer } {
  const { store, file } = openStore(undefined, kind);
  for (let i = 1; i <= 60; i++) {
    const snapshots = Array.from({ length: 20 }, (_, s) => snapshot(s === 0 ? 'BTC' : `S${s}`, { rate: i / 1e6 }));
    store.recordPoll(poll(T0 + i * 30_000, snapshots));
  }
  store.recordSettled(
    BTC,
    Array.from({ length: 3000 }, (_, i) => ({ stamp: T0 + i * HOUR, rate: i / 1e6, intervalH: 1, mark: null, premium: null })),
    T0,
    null,
  );
  store.close();
  return { file, bytes: readFileSync(file) };
}

/** Names in the file's folder that hold what was set aside. */
const asides = (file: string): string[] => readdirSync(dirname(file)).filter((name) => name.includes('.damaged-'));

describe('a connection', () => {
  test('is in WAL with synchronous FULL, every time it is opened', () => {
    const { store, file } = openStore();
    store.close();
    for (let i = 0; i < 2; i++) {
      const db = connect(file);
      expect([db.pragma('journal_mode', { simple: true }), db.pragma('synchronous', { simple: true })]).toEqual(['wal', 2]);
      db.close();
    }
  });

  test.each(['3.51.3', '3.53.0', '4.0.0'])('takes SQLite %s', (version) => expect(() => assertSqliteVersion(version)).not.toThrow());
  test.each(['3.51.2', '3.46.1', '2.9.9', ''])('refuses SQLite "%s"', (version) =>
    expect(() => assertSqliteVersion(version)).toThrow(/3\.51\.3 or newer/u),
  );

  test('every table is STRICT', () => {
    const { store, file } = openStore();
    store.close();
    const db = new Database(file);
    const tables = db
      .prepare<[], { name: string; strict: number }>("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'")
      .all();
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter(({ strict }) => !strict)).toEqual([]);
    expect(() =>
      db.exec(
        "INSERT INTO instruments (number, id, venue, symbol, asset, quote, settle, contract, multiplier) VALUES (1, 'a:b', 'a', 'b', 'b', 'c', 'c', 'quanto', 1)",
      ),
    ).toThrow(/CHECK/u);
    db.close();
  });
});

describe('a damaged file is set aside, said so, and the app starts', () => {
  const corpus: [string, (file: string) => void][] = [
    ['0 bytes', (file) => truncateSync(file, 0)],
    ['not a database at all', (file) => writeFileSync(file, '<html>backup of the wrong thing</html>'.repeat(500))],
    ['garbage in the header', (file) => overwrite(file, 0, 100)],
    ['cut to half', (file) => truncateSync(file, Math.floor(readFileSync(file).length / PAGE / 2) * PAGE)],
    ['cut in the middle of a page', (file) => truncateSync(file, readFileSync(file).length - 1000)],
    ['one page overwritten', (file) => overwrite(file, 5 * PAGE, PAGE)],
    ['many pages overwritten', (file) => overwrite(file, 3 * PAGE, 30 * PAGE)],
    ['the mark of another program', (file) => writeFileSync(file, withHeader(readFileSync(file), 68, 1234))],
    ['an emptied database', (file) => emptyDatabase(file)],
    ['a table lost', (file) => alter(file, 'DROP TABLE spans')],
  ];

  test.each(corpus)('%s', (_, damage) => {
    const { file } = stored();
    damage(file);
    const bad = readFileSync(file);
    const { store } = openStore(file);
    const { notices } = store.status();
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      /was damaged \(.+\)\. It was kept as .+\.damaged-[^,]+\.sqlite(?:, what can .+)?, and a new one was begun\. .+ fetched from the exchanges again/u,
    );
    const [aside] = asides(file);
    expect(notices[0]).toContain(aside);
    expect(readFileSync(join(dirname(file), aside ?? ''))).toEqual(bad);
    // It records at once, and the next start finds nothing wrong.
    store.recordPoll(poll(T0, [snapshot('BTC')]));
    store.close();
    const again = openStore(file).store;
    expect(again.status().notices).toEqual([]);
    expect(again.latest()).toHaveLength(1);
  });

  test('what of it can still be read is saved as a history of its own, which holds no more and no less', () => {
    const { file } = stored();
    const pages = leavesOf(file, 'settled');
    const [first, last] = [0, 2].map((n) => (n === 0 ? T0 : T0 + 2999 * HOUR));
    overwrite(file, ((pages[Math.floor(pages.length / 2)] ?? 0) - 1) * PAGE, PAGE);
    const { store } = openStore(file);
    const [notice] = store.status().notices;
    const saved = /what can still be read of it \(([\d,]+) rows\) as (\S+\.readable-\S+\.sqlite) \(perpscope merge takes it in\)/u.exec(
      notice ?? '',
    );
    expect(saved, notice).not.toBeNull();
    expect(store.settled(BTC, ...all).key).toHaveLength(0);
    const read = openStore(saved?.[2]).store;
    expect(read.status().notices).toEqual([]);
    const keys = [...read.settled(BTC, ...all).key];
    // One page of many is lost: what lay before it and behind it is there.
    expect([keys[0], keys.at(-1)]).toEqual([first, last]);
    expect(keys.length).toBeGreaterThan(2000);
    expect(keys.length).toBeLessThan(3000);
    expect(read.instruments()).toHaveLength(20);
    expect(read.latest()).toHaveLength(20);
  });

  test('together with its -wal, which holds what it has not yet taken over', () => {
    const { file } = stored();
    overwrite(file, 0, 100);
    writeFileSync(`${file}-wal`, 'left by somebody');
    openStore(file);
    const names = asides(file);
    const wal = names.find((name) => name.endsWith('-wal')) ?? '';
    expect(names).toContain(wal.slice(0, -'-wal'.length));
    expect(readFileSync(join(dirname(file), wal), 'utf8')).toBe('left by somebody');
  });

  test('a stale -wal of another file beside a good one is noticed before it is taken over', () => {
    const { file, bytes } = stored();
    const other = openStore();
    for (let i = 0; i < 40; i++)
      other.store.recordPoll(
        poll(
          T0 + i,
          Array.from({ length: 50 }, (_, s) => snapshot(`X${s}`)),
        ),
      );
    copyFileSync(`${other.file}-wal`, `${file}-wal`);
    const { store } = openStore(file);
    expect(store.status().notices).toHaveLength(1);
    const aside = asides(file).find((name) => name.endsWith('.sqlite')) ?? '';
    expect(readFileSync(join(dirname(file), aside))).toEqual(bytes);
    store.recordPoll(poll(T0, [snapshot('BTC')]));
  });

  test('a -wal that is whole, of another history of the same layout, is kept aside, and the history is what it was', () => {
    const { file } = stored();
    const before = openStore(file).store;
    const rates = [...before.settled(BTC, ...all).rate];
    before.close();
    // All that this one ever wrote is still in its -wal: taken over, it would be the other history from the first page to the last.
    const other = openStore();
    for (let i = 0; i < 300; i++)
      other.store.recordPoll(
        poll(
          T0 + i,
          Array.from({ length: 50 }, (_, s) => snapshot(`X${s}`)),
        ),
      );
    const whole = new Database(other.file);
    whole.pragma('wal_autocheckpoint = 0');
    whole.exec('UPDATE meta SET value = value; VACUUM;');
    copyFileSync(`${other.file}-wal`, `${file}-wal`);
    whole.close();
    const { store } = openStore(file);
    expect(store.status().notices).toEqual([
      expect.stringMatching(
        /^Beside .+ lay unfinished changes of another history\. They were kept as .+-wal\.foreign-.+; the history is as it was last/u,
      ),
    ]);
    expect([...store.settled(BTC, ...all).rate]).toEqual(rates);
    expect(store.instruments().map(({ id }) => id)).toContain(BTC);
  });

  test('a -wal without its file is kept too', () => {
    const dir = tempDir();
    const file = join(dir, 'history.sqlite');
    writeFileSync(`${file}-wal`, 'orphan');
    const { store } = openStore(file);
    expect(store.status().notices).toEqual([expect.stringMatching(/was gone/u)]);
    expect(readdirSync(dir).filter((name) => name.endsWith('-wal') && name.includes('damaged'))).toHaveLength(1);
  });

  test('damage that shows only while it is in use: a read finds nothing, and what is recorded goes into the new file', () => {
    const { file } = stored();
    const pages = leavesOf(file, 'settled');
    const { store } = openStore(file);
    for (const page of pages) overwrite(file, (page - 1) * PAGE, PAGE);
    expect(store.settled(BTC, ...all).key).toHaveLength(0);
    expect(store.status().notices).toEqual([expect.stringMatching(/was damaged \(parts of it cannot be read\)/u)]);
    expect(asides(file)).not.toEqual([]);
    store.recordPoll(poll(T0 + 31 * 24 * HOUR, [snapshot('BTC')]));
    expect(store.latest()).toHaveLength(1);
    // What hangs on known instruments goes on without waiting for a poll.
    expect(
      store.recordSettled(instrument('S3').id, [{ stamp: T0, rate: 1, intervalH: null, mark: null, premium: null }], T0, null).inserted,
    ).toBe(1);
  });

  test('damage that a check beside it finds: the same', () => {
    const { file } = stored();
    const { store } = openStore(file);
    store.replaceDamaged('page 7 is wrong', store.generation());
    // A check that began on the file before says nothing about the one that took its place.
    store.replaceDamaged('page 7 is wrong', store.generation() - 1);
    expect(asides(file)).toHaveLength(1);
    expect(store.status().notices).toEqual([expect.stringMatching(/was damaged \(page 7 is wrong\)/u)]);
    expect(store.settled(BTC, ...all).key).toHaveLength(0);
    expect(store.instruments()).toHaveLength(20);
  });
});

describe('the backup', () => {
  test('is taken while polls go on, is one moment of the file, and takes the place of a damaged one', async () => {
    const { file } = stored();
    const { store } = openStore(file);
    const path = join(dirname(file), 'backups', backupName(T0, 'regular'));
    mkdirSync(dirname(path));
    const under = store.copyTo(`${path}.new`);
    store.recordPoll(poll(T0 + 9 * HOUR, [snapshot('BTC', { rate: 0.5 })]));
    expect(await under).toBe(true);
    seal(`${path}.new`, path, { kind: 'live', madeAt: T0, version: '1', parts: new Map() });
    const settled = store.settled(BTC, ...all);
    store.close();
    overwrite(file, 5 * PAGE, 40 * PAGE);
    const again = openStore(file).store;
    expect(again.status().notices).toEqual([expect.stringMatching(/kept as .+ and the backup of 2026-06-01 00:00 UTC took its place/u)]);
    expect(again.settled(BTC, ...all)).toEqual(settled);
    expect(readdirSync(dirname(file)).filter((name) => /backup-(wal|shm)|\.new/u.test(name))).toEqual([]);
  });

  test('that is damaged itself is left alone', () => {
    const { file } = stored();
    copyFileSync(file, `${file}.backup`);
    overwrite(`${file}.backup`, 5 * PAGE, 10 * PAGE);
    overwrite(file, 0, 100);
    const bad = readFileSync(`${file}.backup`);
    const { store } = openStore(file);
    expect(store.status().notices).toEqual([expect.stringMatching(/a new one was begun/u)]);
    expect(readFileSync(`${file}.backup`)).toEqual(bad);
  });
});

describe('a file that must not be touched is refused and stays as it is', () => {
  test('from a newer version', () => {
    const { file } = stored();
    alter(file, `PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    const bytes = readFileSync(file);
    expect(() => openStore(file)).toThrow(/was written by a newer Perpscope.+Nothing was changed: install the newer version/u);
    expect(readFileSync(file)).toEqual(bytes);
    expect(asides(file)).toEqual([]);
  });

  test.each([
    ['demo', 'live', /holds the demo market's history/u],
    ['live', 'demo', /holds real history/u],
  ] as const)('of the %s opened as %s', (made, opened, message) => {
    const { file, bytes } = stored(made);
    expect(() => openStore(file, opened)).toThrow(message);
    expect(readFileSync(file)).toEqual(bytes);
  });
});

describe('where nothing can be written', () => {
  test('the session runs in memory and says so', () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'file'), '');
    const { store } = openStore(join(dir, 'file', 'history.sqlite'));
    expect(store.status().notices).toEqual([expect.stringMatching(/cannot be written.+nothing new is kept/u)]);
    store.recordPoll(poll(T0, [snapshot('BTC')]));
    store.maintain(T0);
    expect(store.latest()).toHaveLength(1);
  });

  test('what was stored before is shown, from a folder that is read-only', () => {
    const { file, bytes } = stored();
    // Root may write anywhere, so the store is opened by a process without rights.
    const script = join(import.meta.dirname, 'read-only-child.ts');
    const child = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
    expect(child.stderr).toBe('');
    expect(JSON.parse(child.stdout)).toEqual({
      settled: 3000,
      hours: 1,
      latest: 21,
      notices: [expect.stringMatching(/cannot be written.+what was stored before is shown/u)],
    });
    expect(readFileSync(file)).toEqual(bytes);
  });
});

describe('a new file', () => {
  test('is built beside and renamed: leftovers of an unfinished one do no harm', () => {
    const dir = join(tempDir(), 'a', 'b');
    const file = join(dir, 'history.sqlite');
    mkdirSync(dir, { recursive: true });
    writeFileSync(`${file}.new`, 'half');
    const { store } = openStore(file);
    expect(store.status().notices).toEqual([]);
    store.close();
    expect(readdirSync(dir)).toEqual(['history.sqlite']);
    expect(readFileSync(file).readUInt32BE(68)).toBe(APPLICATION_ID.live);
  });
});

describe('migrations', () => {
  const addColumn: Migration = (db) => {
    db.exec('ALTER TABLE events ADD COLUMN seen INTEGER');
    db.exec('UPDATE events SET seen = 0');
  };

  test('bring an older file to the newest version and keep its rows', () => {
    const { file } = stored();
    const { db } = openFile(file, 'live', layoutAt(0, [...MIGRATIONS, addColumn]));
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1);
    expect(db.prepare('SELECT count(*) FROM settled').pluck().get()).toBe(3000);
    db.close();
  });

  test('one that fails has not happened, and the session runs in memory', () => {
    const { file } = stored();
    const failing: Migration = (db) => {
      addColumn(db, 0);
      db.exec('CREATE UNIQUE INDEX once ON settled (instrument)');
    };
    const before = connect(file);
    const version = before.pragma('user_version', { simple: true });
    before.close();
    const opened = openFile(file, 'live', layoutAt(0, [...MIGRATIONS, failing]));
    expect(opened.memory).toBe(true);
    expect(opened.notices).toEqual([
      expect.stringMatching(/could not be read or written\. The log has the details\. .+nothing new is kept\.$/u),
    ]);
    opened.db.close();
    const after = connect(file);
    expect(after.pragma('user_version', { simple: true })).toBe(version);
    expect(after.prepare('SELECT * FROM pragma_table_info(?)').all('events')).toHaveLength(7);
    expect(after.prepare('SELECT count(*) FROM settled').pluck().get()).toBe(3000);
    after.close();
  });

  test('one that is killed half-way has not happened either', () => {
    const { file } = stored();
    const script = join(import.meta.dirname, 'migration-child.ts');
    const child = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
    expect([child.signal, child.stdout]).toEqual(['SIGKILL', 'half-way\n']);
    const opened = openFile(file, 'live', layoutAt(0, [...MIGRATIONS, addColumn]));
    expect(opened.notices).toEqual([]);
    expect(opened.db.prepare('SELECT count(*) FROM settled').pluck().get()).toBe(3000);
    expect(opened.db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1);
    opened.db.close();
  });

  test('every shipped version reaches the newest', () => {
    for (let version = 0; version <= MIGRATIONS.length; version++) {
      const db = new Database(':memory:');
      migrate(db, MIGRATIONS.slice(0, version));
      migrate(db);
      expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
      db.close();
    }
  });
});

function withHeader(bytes: Buffer, at: number, value: number): Buffer {
  bytes.writeUInt32BE(value, at);
  return bytes;
}

function alter(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
}

function emptyDatabase(file: string): void {
  truncateSync(file, 0);
  alter(file, 'CREATE TABLE t (a)');
}
