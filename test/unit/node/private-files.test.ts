import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireLock } from '#node/lock.ts';
import { keepPrivate } from '#node/private-files.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('a data folder', () => {
  let umask = 0;
  let root = '';
  beforeEach(() => {
    umask = process.umask(0o022);
    root = mkdtempSync(join(tmpdir(), 'perpscope-private-'));
    chmodSync(root, 0o755);
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(root, { recursive: true, force: true });
  });
  const mode = (...path: string[]): string => (lstatSync(join(root, ...path)).mode & 0o777).toString(8);
  const write = (...path: string[]): void => {
    writeFileSync(join(root, ...path), '');
    chmodSync(join(root, ...path), 0o644);
  };

  test('that an older version left open to all is its user’s alone, with all that is in it', () => {
    for (const folder of ['logs', 'backups', 'demo']) mkdirSync(join(root, folder), { mode: 0o755 });
    const files = [
      'history.sqlite',
      'history.sqlite-wal',
      'history.damaged-20260101T000000Z.sqlite',
      'settings.json',
      'settings.good-1.json',
    ];
    for (const file of files) write(file);
    write('logs', 'perpscope.log');
    write('demo', 'demo.sqlite');
    keepPrivate(root);
    expect(['', 'logs', 'backups', 'demo'].map((folder) => mode(folder))).toEqual(Array(4).fill('700'));
    expect(files.map((file) => mode(file))).toEqual(files.map(() => '600'));
    expect([mode('logs', 'perpscope.log'), mode('demo', 'demo.sqlite')]).toEqual(['600', '600']);
  });

  test('that holds other things too keeps its rights and theirs; what is of Perpscope in it does not', () => {
    write('letter.txt');
    write('person.sqlite');
    keepPrivate(root);
    expect([mode(), mode('letter.txt'), mode('person.sqlite')]).toEqual(['755', '644', '600']);
  });

  test('is left through no link', () => {
    mkdirSync(join(root, 'elsewhere'));
    write('elsewhere', 'other.txt');
    mkdirSync(join(root, 'data'), { mode: 0o755 });
    symlinkSync(join(root, 'elsewhere'), join(root, 'data', 'logs'));
    symlinkSync(join(root, 'elsewhere', 'other.txt'), join(root, 'data', 'limits.json'));
    keepPrivate(join(root, 'data'));
    expect([mode('data'), mode('elsewhere'), mode('elsewhere', 'other.txt')]).toEqual(['700', '755', '644']);
  });

  test('is made private by who takes its lock, and so is everything made in it from then on', () => {
    const dir = join(root, 'new', 'Perpscope');
    const lock = acquireLock(dir, { shell: 'test', version: '0' });
    writeFileSync(join(dir, 'settings.json'), '{}');
    mkdirSync(join(dir, 'logs'));
    const seen = ['', ...readdirSync(dir)].map((name) => [name, (lstatSync(join(dir, name)).mode & 0o777).toString(8)]);
    lock.release();
    for (const [name, is] of seen) expect([name, is]).toEqual([name, name === '' || name === 'logs' ? '700' : '600']);
  });
});
