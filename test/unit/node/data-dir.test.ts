import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertUsable, dataPaths, defaultDataDir, makeFolder } from '#node/data-dir.ts';
import { FlagError } from '#node/flags.ts';

const slashes = (path: string): string => path.replaceAll('\\', '/');

test.each([
  ['linux', {}, '/home/ada/.config/Perpscope'],
  ['linux', { XDG_CONFIG_HOME: '/cfg' }, '/cfg/Perpscope'],
  ['linux', { XDG_CONFIG_HOME: '' }, '/home/ada/.config/Perpscope'],
  ['darwin', {}, '/home/ada/Library/Application Support/Perpscope'],
  ['win32', { APPDATA: '/roaming' }, '/roaming/Perpscope'],
  ['win32', {}, '/home/ada/AppData/Roaming/Perpscope'],
] as const)('%s with %j', (platform, env, expected) => {
  expect(slashes(defaultDataDir(env, platform, '/home/ada'))).toBe(expected);
});

test('the demo has a folder and a database of its own', () => {
  const [live, demo] = [dataPaths('/data', false), dataPaths('/data', true)];
  expect([live.dir, live.database, live.logs].map(slashes)).toEqual(['/data', '/data/history.sqlite', '/data/logs']);
  expect([demo.dir, demo.database, demo.logs].map(slashes)).toEqual(['/data/demo', '/data/demo/demo.sqlite', '/data/demo/logs']);
});

describe('a folder on a disk', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'perpscope-folder-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('is made with those above it, and left as it is where it is there', () => {
    const deep = join(dir, 'a/b/c');
    makeFolder(deep);
    writeFileSync(join(deep, 'kept'), '');
    makeFolder(deep);
    expect(readdirSync(deep)).toEqual(['kept']);
  });

  test('that can be written to may be used, and the look leaves nothing behind', () => {
    assertUsable(join(dir, 'new'), true);
    expect(readdirSync(join(dir, 'new/demo'))).toEqual([]);
  });

  test('that is a file cannot be used, and the flag is named', () => {
    writeFileSync(join(dir, 'file'), '');
    for (const path of [join(dir, 'file'), join(dir, 'file/inside')]) {
      expect(() => assertUsable(path, false)).toThrow(FlagError);
      expect(() => assertUsable(path, false)).toThrow(`--data-dir ${path} cannot be used`);
    }
  });

  test.runIf(process.platform === 'linux')('under /proc is refused at once', () => {
    for (const path of ['/proc/perpscope', '/proc/a/b', '/proc']) expect(() => assertUsable(path, false)).toThrow(FlagError);
    expect(() => makeFolder('/proc/perpscope/logs')).toThrow('ENOENT');
  });
});
