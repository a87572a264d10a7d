import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock } from '#node/lock.ts';
import { ask, dataOf } from '#test/support/ask.ts';
import { overwrite, PAGE, tempDir } from '../node/history/support.ts';
import { all, stateOf, writeFolder } from '../node/backup/folder.ts';

test('one file of everything, into another folder; the one among the backups is listed', async () => {
  const [dir, other] = [writeFolder(1), join(tempDir(), 'other')];
  mkdirSync(other);
  const file = join(tempDir(), 'mine.perpscope');
  const made = await ask('backup', '--data-dir', dir, '--to', file, '--fields', 'path,parts');
  expect([made.code, dataOf(made)]).toEqual([0, { path: file, parts: ['person.sqlite', 'settings.json', 'workspaces.json'] }]);
  expect(await ask('backup', '--data-dir', dir, '--to', file)).toMatchObject({
    code: 2,
    err: expect.stringContaining('--force') as string,
  });
  expect((await ask('backup', '--data-dir', dir, '--to', file, '--force')).out).toContain('checked');
  expect((await ask('backup', '--data-dir', dir)).code).toBe(0);
  const [listed] = dataOf(await ask('backup', '--list', '--data-dir', dir, '--json')) as { path: string }[];
  expect(listed?.path).toBe(join(dir, 'backups', readdirSync(join(dir, 'backups'))[0] ?? ''));
  expect(await ask('restore', file, '--data-dir', other)).toMatchObject({ code: 0, out: expect.stringContaining('restored') as string });
  expect(stateOf(other)).toEqual(all(1));
  const third = join(tempDir(), 'third');
  for (const named of [['--file', file], [`--file=${file}`]])
    expect(await ask('restore', ...named, '--data-dir', third)).toMatchObject({ code: 0 });
  expect(stateOf(third)).toEqual(all(1));
  expect(await ask('restore', file, '--file', file, '--data-dir', third)).toMatchObject({ code: 2 });
});

test('a folder that a Perpscope has open is not restored into; without a file, or a history, it says what to name', async () => {
  const [dir, file] = [writeFolder(1), join(tempDir(), 'mine.perpscope')];
  await ask('backup', '--data-dir', dir, '--to', file);
  const lock = acquireLock(dir, { shell: 'browser', version: '1' });
  expect(await ask('restore', file, '--data-dir', dir)).toMatchObject({
    code: 3,
    err: expect.stringContaining('Close it first') as string,
  });
  lock.release();
  expect(await ask('restore', '--data-dir', dir)).toMatchObject({ code: 2, err: expect.stringContaining('Name the file') as string });
  expect(await ask('backup', '--data-dir', tempDir())).toMatchObject({ code: 4, err: expect.stringContaining('no history') as string });
  expect(await ask('restore', join(dir, 'history.sqlite'), '--data-dir', dir)).toMatchObject({ code: 4 });
});

test('check: whole, damaged and absent, in words without those of the database', async () => {
  const dir = writeFolder(1);
  for (const how of ['quick', 'full'])
    expect(dataOf(await ask('check', how, '--data-dir', dir, '--json'))).toMatchObject({
      check: how,
      files: [{ damage: null }, { damage: null }],
    });
  overwrite(join(dir, 'history.sqlite'), 5 * PAGE, 20 * PAGE);
  for (const how of ['quick', 'full']) {
    const { code, out, err } = await ask('check', how, '--data-dir', dir);
    expect([code, err.includes('newest sound backup')]).toEqual([1, true]);
    expect(out).toMatch(/history\.sqlite\t.*it is damaged/u);
    expect(out + err).not.toMatch(/SQLITE|malformed|Tree|rowid/u);
  }
  expect(await ask('check', '--data-dir', tempDir())).toMatchObject({ code: 2, err: expect.stringContaining('no history') as string });
  expect(await ask('check', 'deep', '--data-dir', dir)).toMatchObject({ code: 2, err: expect.stringContaining('quick or full') as string });
});

test('merge: a backup and a history by itself, told in counts; done again nothing is added', async () => {
  const [dir, other] = [writeFolder(1), writeFolder(2)];
  const file = join(tempDir(), 'other.perpscope');
  await ask('backup', '--data-dir', other, '--to', file);
  expect(dataOf(await ask('merge', file, '--data-dir', dir, '--json'))).toMatchObject({ instruments: 1, conflicts: 50 });
  expect(dataOf(await ask('merge', join(other, 'history.sqlite'), '--data-dir', dir, '--json'))).toMatchObject({ added: 0, conflicts: 0 });
  expect([stateOf(dir), stateOf(other), readdirSync(dir).filter((name) => name.startsWith('merging'))]).toEqual([all(1), all(2), []]);
  expect(await ask('merge', join(dir, 'settings.json'), '--data-dir', dir)).toMatchObject({ code: 4 });
});
