import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { HistoryError } from '#node/history/errors.ts';
import { openPerson } from '#node/person/open-person.ts';
import { overwrite, PAGE, silent, T0, tempDir } from '../history/support.ts';
import { openFile } from './support.ts';

const windows = process.platform === 'win32';
const defaults = defaultSettings([{ id: 'binance', onByDefault: true }]);
const body = (text: string) => ({ savedAt: T0, body: JSON.stringify({ text }) });
const names = (store: ReturnType<typeof openFile>['store']) => store.scenarios(null).map(({ id }) => id);

const open = (dir: string) =>
  openPerson({
    file: join(dir, 'person.sqlite'),
    demo: false,
    log: silent,
    now: () => T0,
    defaults,
    outgrown: null,
    history: join(dir, 'history.sqlite'),
  });

test('killed in the middle of writing, nothing acknowledged is lost and nothing is said', async () => {
  const dir = tempDir();
  for (const after of [1, 7]) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'person-child.ts'), dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    let [last, count] = [NaN, 0];
    for await (const line of createInterface({ input: child.stdout })) {
      last = Number(line);
      if (++count === after) child.kill('SIGKILL');
    }
    const person = await open(dir);
    expect(person.notices).toEqual([]);
    expect([last, last + 1]).toContain(person.current.thresholds.n);
    await person.close();
  }
});

describe('a file that is broken or gone', () => {
  async function saved(dir: string): Promise<void> {
    for (const k of [4, 5]) {
      const person = await open(dir);
      person.update((before) => ({ ...before, thresholds: { ...before.thresholds, k } }));
      await person.recordScenario(`s${k}`, body('kept'));
      await person.close();
    }
    // The good copy is of what a start could read.
    await (await open(dir)).close();
  }
  test.each([
    [
      'damaged',
      (file: string) => overwrite(file, PAGE, 3 * PAGE),
      /was damaged .+kept as .+\.damaged-.+newest good copy, of .+ took its place/u,
    ],
    ['empty', (file: string) => truncateSync(file, 0), /was damaged \(it is empty/u],
    ['something else', (file: string) => writeFileSync(file, 'x'.repeat(9000)), /was damaged/u],
    ['gone', (file: string) => rmSync(file), /was missing\. The newest good copy/u],
  ] as const)('%s: the newest good copy takes its place, and the person is told', async (_, spoil, words) => {
    const dir = tempDir();
    await saved(dir);
    spoil(join(dir, 'person.sqlite'));
    const person = await open(dir);
    expect(person.current.thresholds.k).toBe(5);
    expect((await person.scenarios(null)).map(({ id }) => id)).toEqual(['s4', 's5']);
    expect(person.notices).toEqual([expect.stringMatching(words)]);
    await person.close();
    const again = await open(dir);
    expect([again.current.thresholds.k, again.notices]).toEqual([5, []]);
    await again.close();
  });

  test('without a good copy the defaults are in force, and the broken file is kept', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'person.sqlite'), 'x'.repeat(9000));
    const person = await open(dir);
    expect(person.current.thresholds).toEqual(defaults.thresholds);
    expect(person.notices).toEqual([expect.stringMatching(/There is no good copy of it/u)]);
    await person.close();
    expect(readdirSync(dir).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
  });

  test('good copies are three, and none is made where nothing was said', async () => {
    const dir = tempDir();
    for (const k of [4, 5, 6, 7, 8]) {
      const person = await open(dir);
      person.update((before) => ({ ...before, thresholds: { ...before.thresholds, k } }));
      await person.close();
      await (await open(dir)).close();
    }
    const copies = readdirSync(dir)
      .filter((name) => name.includes('.good-'))
      .sort();
    expect(copies).toEqual(['person.good-1.sqlite', 'person.good-2.sqlite', 'person.good-3.sqlite']);
  });
});

describe.skipIf(windows)('what happens to the file while it is open', () => {
  test.each([
    ['deleted', (file: string) => rmSync(file), /was deleted, moved or cut/u],
    ['deleted with its companions', (file: string) => ['', '-wal', '-shm'].forEach((end) => rmSync(file + end)), /was deleted/u],
    ['without its -wal', (file: string) => rmSync(`${file}-wal`), /was deleted, moved or cut/u],
    ['in a folder that is deleted', (file: string) => rmSync(join(file, '..'), { recursive: true }), /was deleted, moved or cut/u],
  ] as const)('%s: a new one with everything takes its place', (_, mishap, words) => {
    const { store, file } = openFile();
    store.recordScenario('before', body('a'));
    mishap(file);
    // Also what comes before it is seen.
    store.recordScenario('between', body('b'));
    expect(store.tend(true).notices).toEqual([expect.stringMatching(words)]);
    store.recordScenario('after', body('c'));
    store.close();
    expect(names(openFile(file).store)).toEqual(['after', 'before', 'between']);
  });

  test('replaced by another file: that is kept aside whole', () => {
    const { store, file } = openFile();
    store.recordScenario('before', body('a'));
    writeFileSync(`${file}.other`, 'somebody else’s work');
    renameSync(`${file}.other`, file);
    const { notices } = store.tend(true);
    const [aside = ''] = readdirSync(join(file, '..')).filter((name) => name.includes('.foreign-'));
    expect(notices[0]).toContain(aside);
    expect(readFileSync(join(file, '..', aside), 'utf8')).toBe('somebody else’s work');
    store.close();
    expect(names(openFile(file).store)).toEqual(['before']);
  });

  test('where no new one can be made, it is said for as long as that is so, and made then', () => {
    const { store, file, clock } = openFile();
    const dir = join(file, '..');
    store.recordScenario('before', body('a'));
    rmSync(dir, { recursive: true });
    writeFileSync(dir, 'a file where the folder was');
    expect(store.tend(true)).toMatchObject({ onDisk: false, notices: [expect.stringMatching(/cannot be written yet/u)] });
    rmSync(dir);
    mkdirSync(dir);
    clock.now += 60_000;
    expect(store.tend(true)).toMatchObject({ onDisk: true, notices: [expect.stringMatching(/took its place/u)] });
    store.close();
    expect(names(openFile(file).store)).toEqual(['before']);
  });

  test('another Perpscope has its lock: what is changed is in memory, is said to be, and is written when the lock is back', () => {
    const { store, file } = openFile();
    store.recordScenario('before', body('a'));
    expect(store.tend(false)).toMatchObject({ onDisk: false, notices: [expect.stringMatching(/close one of the two/u)] });
    store.recordScenario('mine', body('b'));
    const other = openFile(file);
    other.store.recordScenario('theirs', body('c'));
    other.store.close();
    expect(store.tend(true)).toMatchObject({ onDisk: true, found: true });
    expect(names(store)).toEqual(['before', 'mine', 'theirs']);
  });
});

test('a file of a newer version that this one can read is shown and left as it is; one that it cannot read is refused', () => {
  const { store, file } = openFile();
  store.recordScenario('before', body('a'));
  store.close();
  const db = new Database(file);
  db.pragma('user_version = 99');
  db.close();
  const bytes = readFileSync(file);
  const readable = openFile(file).store;
  expect(names(readable)).toEqual(['before']);
  expect(readable.state()).toMatchObject({ onDisk: false, notices: [expect.stringMatching(/newer Perpscope.*is not kept/u)] });
  readable.recordScenario('mine', body('b'));
  readable.tend(true);
  readable.close();
  expect(readFileSync(file).equals(bytes)).toBe(true);
  const again = new Database(file);
  again.exec("UPDATE meta SET value = 99 WHERE name = 'least_version'");
  again.close();
  expect(() => openFile(file)).toThrow(HistoryError);
  expect(() => openFile(file)).toThrow(/newer Perpscope .its layout is 99.*install the newer version/u);
});

test('the demo’s file is never taken for a real one', () => {
  const { store, file } = openFile(undefined, { kind: 'demo' });
  store.close();
  expect(() => openFile(file)).toThrow(/of the demo/u);
});

test.skipIf(windows || process.getuid?.() === 0)(
  'a folder that may only be read: everything is shown, changes are said to be in memory only',
  async () => {
    const dir = tempDir();
    const person = await open(dir);
    person.update((before) => ({ ...before, thresholds: { ...before.thresholds, k: 9 } }));
    await person.close();
    chmodSync(join(dir, 'person.sqlite'), 0o444);
    chmodSync(dir, 0o555);
    const shown = await open(dir);
    chmodSync(dir, 0o755);
    expect(shown.current.thresholds.k).toBe(9);
    expect(shown.notices).toEqual([expect.stringMatching(/cannot be written.+in memory only/u)]);
    await expect(shown.flush()).rejects.toThrow(/cannot be written/u);
    await shown.close();
    expect(existsSync(join(dir, 'person.sqlite'))).toBe(true);
  },
);
