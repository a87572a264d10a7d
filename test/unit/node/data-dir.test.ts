import { expect, test } from 'vitest';
import { dataPaths, defaultDataDir } from '#node/data-dir.ts';

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
