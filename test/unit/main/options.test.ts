import { resolve } from 'node:path';
import { readOptions } from '#main/options.ts';
import { expect, test } from 'vitest';

test('reads its own flags from among those of Chromium and the system', () => {
  const args = ['--ozone-platform=wayland', '--demo', '-psn_0_1', '--data-dir', 'here', '--disable-gpu', '--demo-speed=120', 'file.txt'];
  expect(readOptions(args, '/work')).toMatchObject({ dataDir: resolve('/work', 'here'), demo: { speed: 120 } });
  expect(readOptions([], '/work')).toMatchObject({ dataDir: null, demo: null });
});

test.each([
  [['--data-dir'], '--data-dir'],
  [['--data-dir='], '--data-dir'],
  [['--demo', '--demo-speed', 'fast'], '--demo-speed'],
  [['--demo-speed', '2'], '--demo'],
])('says which flag of %j it cannot use', (args, flag) => {
  expect(() => readOptions(args, '/work')).toThrow(flag);
});
