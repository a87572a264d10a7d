import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { finishBesidePerson, lockFolder, restoreAtStart } from '#node/backup/at-start.ts';
import { inspect } from '#node/backup/backup-file.ts';
import { listBackups, makeBackup } from '#node/backup/make.ts';
import { createStorage } from '#node/backup/storage.ts';
import { backupName, hasUnfinishedRestore, regularAt } from '#node/backup/files.ts';
import { restore, restoreWanted, wantRestore } from '#node/backup/restore.ts';
import { connect } from '#node/history/connection.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { acquireLock, LockedError } from '#node/lock.ts';
import { openStore, poll, snapshot, T0, tempDir } from '../history/support.ts';
import { all, BTC, stateOf, writeFolder } from './folder.ts';

const who = { shell: 'test', version: 'test' };
const of = (dir: string) => ({ dir, database: join(dir, 'history.sqlite'), kind: 'live' as const, version: 'test', now: T0 });

test('one file holds everything, and is restored into a folder of another machine', async () => {
  const made = await makeBackup({ ...of(writeFolder(1)), to: join(tempDir(), 'all.perpscope') });
  expect(made).toMatchObject({ kind: 'live', madeAt: T0, parts: ['person.sqlite', 'settings.json', 'workspaces.json'] });
  const other = join(tempDir(), 'new');
  mkdirSync(other);
  const { before, replaced } = await restore({ ...of(other), backup: made.path });
  expect([before, replaced, stateOf(other)]).toEqual([null, null, all(1)]);
  expect(readdirSync(other).filter((name) => /restore|replaced|\.new|-wal|-shm/u.test(name))).toEqual([]);
});

test('what stood there is backed up first, and comes back', async () => {
  const dir = writeFolder(2);
  const backup = (await makeBackup({ ...of(writeFolder(1)), to: join(tempDir(), 'one.perpscope') })).path;
  const { before, replaced } = await restore({ ...of(dir), backup });
  expect([stateOf(dir), replaced]).toEqual([all(1), null]);
  await restore({ ...of(dir), now: T0 + 1000, backup: before ?? '' });
  expect(stateOf(dir)).toEqual(all(2));
});

test('a -wal and -shm of the replaced file never stand beside the new one', async () => {
  const dir = writeFolder(2);
  const file = join(dir, 'history.sqlite');
  const backup = (await makeBackup({ ...of(writeFolder(1)), to: join(tempDir(), 'one.perpscope') })).path;
  // As a kill leaves them: frames that are not folded in.
  const db = connect(file);
  db.exec('UPDATE settled SET rate = 0.009');
  for (const end of ['-wal', '-shm']) copyFileSync(`${file}${end}`, `${file}${end}.kept`);
  db.close();
  for (const end of ['-wal', '-shm']) copyFileSync(`${file}${end}.kept`, `${file}${end}`);
  await restore({ ...of(dir), backup });
  expect(existsSync(`${file}-wal`)).toBe(false);
  expect(stateOf(dir)).toEqual(all(1));
});

test('a backup is one moment of a history that is written meanwhile', async () => {
  const { store, file } = openStore();
  for (let i = 1; i <= 200; i++) store.recordPoll(poll(T0 + i * 30_000, [snapshot('BTC')]));
  const dir = resolve(file, '..');
  let polled = 200;
  const progress = (): void => {
    store.recordPoll(poll(T0 + ++polled * 30_000, [snapshot('BTC')]));
  };
  const { path } = await makeBackup({ ...of(dir), to: 'regular', progress });
  expect(polled).toBeGreaterThan(200);
  const other = tempDir();
  await restore({ ...of(other), backup: path });
  const history = new ReadonlyHistory({ file: join(other, 'history.sqlite'), kind: 'live', now: () => T0 });
  expect(history.snapshots(BTC, 0, Infinity).observedAt).toHaveLength(200);
  history.close();
});

test('what is no sound backup of this folder changes nothing, and is told in words', async () => {
  const dir = writeFolder(2);
  const backup = (await makeBackup({ ...of(writeFolder(1)), to: join(tempDir(), 'one.perpscope') })).path;
  const refused = (file: string, values = {}) =>
    restore({ ...of(dir), ...values, backup: file }).then(String, (error: unknown) => (error instanceof Error ? error.message : ''));
  const [cut, text] = [join(tempDir(), 'cut.perpscope'), join(tempDir(), 'text.perpscope')];
  copyFileSync(backup, cut);
  truncateSync(cut, 3 * 4096);
  writeFileSync(text, 'no database at all, '.repeat(500));
  expect(await refused('/nowhere.perpscope')).toContain('There is no file');
  expect(await refused(join(writeFolder(3), 'history.sqlite'))).toContain('perpscope merge');
  await expect(restore({ ...of(dir), backup: cut })).rejects.toMatchObject({
    kind: 'damaged',
    user: expect.stringContaining('nothing was changed') as string,
  });
  await expect(restore({ ...of(dir), backup: text })).rejects.toMatchObject({ kind: 'damaged' });
  expect(await refused(backup, { kind: 'demo' })).toContain('leave --demo out');
  expect([stateOf(dir), existsSync(join(dir, 'backups'))]).toEqual([all(2), false]);
});

test('a damaged history is put aside as it is', async () => {
  const dir = writeFolder(2);
  const backup = (await makeBackup({ ...of(writeFolder(1)), to: join(tempDir(), 'one.perpscope') })).path;
  writeFileSync(join(dir, 'history.sqlite'), 'spoilt');
  const { before, replaced } = await restore({ ...of(dir), backup });
  expect([before, readFileSync(join(replaced ?? '', 'history.sqlite'), 'utf8'), stateOf(dir)]).toEqual([null, 'spoilt', all(1)]);
});

test('killed at any step, the folder holds the old state or the new one, whole, and what was there before is not lost', async () => {
  const template = writeFolder(2);
  appendFileSync(join(template, 'settings.good-1.json'), '{"n":2}');
  const backup = (await makeBackup({ ...of(writeFolder(1)), to: join(tempDir(), 'one.perpscope') })).path;
  const child = join(import.meta.dirname, 'restore-child.ts');
  async function run(dir: string, last: number): Promise<{ killed: boolean; steps: string[] }> {
    const running = spawn(process.execPath, [child, dir, backup, String(last), String(T0)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    running.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const [code, signal] = (await once(running, 'close')) as [number | null, string | null];
    expect(signal === 'SIGKILL' || code === 0).toBe(true);
    return { killed: signal === 'SIGKILL', steps: out.trim().split('\n') };
  }
  const whole = tempDir();
  cpSync(template, whole, { recursive: true });
  const { steps } = await run(whole, 0);
  expect(steps.length).toBeGreaterThan(10);
  const committed = steps.indexOf('commit') + 1;
  const seen = new Set<number>();
  // Half of the steps, and those around the one that decides; PERPSCOPE_EVERY_STEP=1 takes all of them.
  for (let last = 1; last <= steps.length; last++) {
    if (process.env['PERPSCOPE_EVERY_STEP'] !== '1' && last % 2 === 0 && Math.abs(last - committed) > 1) continue;
    const dir = tempDir();
    cpSync(template, dir, { recursive: true });
    const { killed } = await run(dir, last);
    expect(killed).toBe(true);
    // As the next start does it.
    lockFolder(dir, who).release();
    const n = last <= committed ? 2 : 1;
    seen.add(n);
    expect(stateOf(dir), `killed at ${steps[last - 1] ?? ''}`).toEqual(all(n));
    expect(hasUnfinishedRestore(dir)).toBe(false);
    const kept = existsSync(join(dir, 'backups')) ? readdirSync(join(dir, 'backups')) : [];
    if (n === 1) expect(inspect(join(dir, 'backups', kept[0] ?? ''), true).kind).toBe('live');
  }
  expect(seen).toEqual(new Set([1, 2]));
}, 60_000);

test('rotating copies of what goes do not stand beside what comes', async () => {
  const dir = writeFolder(2);
  for (const name of ['settings.good-1.json', 'person.good-1.sqlite', 'mine.good-1.json']) writeFileSync(join(dir, name), '{"n":2}');
  const backup = (await makeBackup({ ...of(writeFolder(1)), to: join(tempDir(), 'one.perpscope') })).path;
  await restore({ ...of(dir), backup });
  expect(readdirSync(dir).filter((name) => name.includes('.good-'))).toEqual(['mine.good-1.json']);
});

test('backups are listed with the newest first, and a file that is none of them says why', async () => {
  const dir = writeFolder(1);
  for (const now of [T0 + 1000, T0 + 3000, T0 + 2000]) await makeBackup({ ...of(dir), now, to: 'regular' });
  writeFileSync(join(dir, 'backups', backupName(T0 + 4000, 'regular')), 'nothing of a backup, '.repeat(100));
  const listed = listBackups(dir);
  expect(listed.map((one) => ('madeAt' in one ? one.madeAt - T0 : one.wrong !== ''))).toEqual([3000, 2000, 1000, true]);
});

test('an interrupted restore is not read half-way, and no collector goes past it', () => {
  const dir = writeFolder(2);
  mkdirSync(join(dir, 'restore.ready'));
  expect(() => new ReadonlyHistory({ file: join(dir, 'history.sqlite'), kind: 'live', now: () => T0 })).toThrow(/restore/u);
  const terminal = acquireLock(dir, who, 'person');
  expect(() => finishBesidePerson(dir, who)).toThrow(LockedError);
  terminal.release();
  finishBesidePerson(dir, who);
  expect(stateOf(dir)).toEqual(all(2));
});

test('a file that a person points at, or hands over, is restored at the next start; what is none of this folder is refused at once', async () => {
  const dir = writeFolder(2);
  const at = { dir, database: join(dir, 'history.sqlite'), demo: false, version: 'test' };
  const away = tempDir();
  const backup = (await makeBackup({ ...of(writeFolder(1)), to: join(away, 'one.perpscope') })).path;
  const storage = createStorage(dir, at.database, false);
  // Where it lies: it stays there.
  await storage.restoreFile(backup);
  expect((await storage.backups()).wanted).toBe('one.perpscope');
  expect(await restoreAtStart(at)).toMatch(/was restored\. What stood there before is .*before-restore-/u);
  expect([stateOf(dir), existsSync(backup)]).toEqual([all(1), true]);
  // Handed over: it is one of the backups, and none that is rotated.
  const given = join(dir, 'given');
  copyFileSync((await makeBackup({ ...of(writeFolder(3)), to: join(away, 'three.perpscope') })).path, given);
  await storage.restoreGiven(given);
  const { wanted, backups } = await storage.backups();
  expect([existsSync(given), backups.map(({ name }) => name).includes(wanted ?? ''), regularAt(wanted ?? '')]).toEqual([false, true, null]);
  await restoreAtStart(at);
  expect(stateOf(dir)).toEqual(all(3));
  // Nothing is wanted of what cannot be.
  const [text, demo] = [join(away, 'text.perpscope'), createStorage(dir, at.database, true)];
  writeFileSync(text, 'no database at all, '.repeat(500));
  await expect(storage.restoreFile(text)).rejects.toMatchObject({ kind: 'damaged' });
  await expect(storage.restoreGiven(join(dir, 'history.sqlite'))).rejects.toThrow('is no backup of Perpscope');
  await expect(demo.restoreFile(backup)).rejects.toMatchObject({ kind: 'other-kind' });
  expect([restoreWanted(dir), existsSync(text), existsSync(at.database)]).toEqual([null, true, true]);
});

test('chosen in the app, done at the next start: once, and a failure costs nothing', async () => {
  const dir = writeFolder(2);
  const at = { dir, database: join(dir, 'history.sqlite'), demo: false, version: 'test' };
  const backup = (await makeBackup({ ...of(writeFolder(1)), to: join(tempDir(), 'one.perpscope') })).path;
  expect(await restoreAtStart(at)).toBeNull();
  wantRestore(dir, '/nowhere.perpscope');
  expect(await restoreAtStart(at)).toContain('nothing was changed');
  expect([restoreWanted(dir), stateOf(dir)]).toEqual([null, all(2)]);
  wantRestore(dir, backup);
  wantRestore(dir, null);
  expect(await restoreAtStart(at)).toBeNull();
  wantRestore(dir, backup);
  expect(await restoreAtStart(at)).toMatch(/was restored\. What stood there before is .*before-restore-/u);
  expect(stateOf(dir)).toEqual(all(1));
});
