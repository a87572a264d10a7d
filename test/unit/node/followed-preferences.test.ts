import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { followPreferences } from '#node/followed-preferences.ts';

const defaults = defaultSettings([
  { id: 'alpha', onByDefault: true },
  { id: 'beta', onByDefault: true },
]);

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-preferences-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});
const write = (text: string): void => {
  writeFileSync(join(dir, 'settings.new'), text);
  renameSync(join(dir, 'settings.new'), join(dir, 'settings.json'));
};
const alpha = (values: object) =>
  JSON.stringify({ venues: { alpha: { ...defaults.venues['alpha'], ...values }, beta: defaults.venues['beta'] } });
const follow = (only: readonly string[] | null = null) => followPreferences({ dataDir: dir, defaults, only });

test('what was changed in the file is in force from the next look on, and what was before is told', () => {
  const followed = follow();
  expect([followed.reread(), followed.current.venues['alpha']?.enabled]).toEqual([null, true]);
  write(alpha({ enabled: false, url: 'https://mirror.example', pollSeconds: 60 }));
  expect(followed.reread()?.venues['alpha']).toMatchObject({ enabled: true });
  expect(followed.current.venues['alpha']).toMatchObject({ enabled: false, url: 'https://mirror.example', pollSeconds: 60 });
  expect([followed.reread(), followed.notices]).toEqual([null, []]);
  write(JSON.stringify({ limits: { ageDays: 40, megabytes: null } }));
  followed.reread();
  expect(followed.current.limits).toEqual({ ageDays: 40, megabytes: null });
  // Venues that were named on the command line are asked, whatever the file says.
  write(alpha({ enabled: false }));
  const named = follow(['alpha']);
  expect([named.current.venues['alpha']?.enabled, named.current.venues['beta']?.enabled]).toEqual([true, false]);
});

test.each([
  ['{"venues": {"alp', /settings\.json could not be read: it is damaged\. The settings of before stay in force/u],
  ['', /it is empty\. The settings of before stay in force/u],
  [JSON.stringify({ venues: 7 }), /"venues" cannot be used .+The settings of before stay in force/u],
  [alpha({ url: 'nonsense' }), /"venues" had entries that cannot be used \([^;]+\)\. The settings of before stay in force/u],
])('a file that says %j is told of, and the settings of before stand', (text, words) => {
  write(alpha({ url: 'https://mirror.example', pollSeconds: 60 }));
  const followed = follow();
  const { current } = followed;
  write(text);
  followed.reread();
  expect(followed.notices.join('\n')).toMatch(words);
  expect(followed.current.venues['alpha']).toEqual(current.venues['alpha']);
  write(alpha({ pollSeconds: 20 }));
  expect(followed.reread()).not.toBeNull();
  expect([followed.current.venues['alpha']?.pollSeconds, followed.notices]).toEqual([20, []]);
});

test('one that is gone for a moment changes nothing', () => {
  write(alpha({ pollSeconds: 60 }));
  const followed = follow();
  rmSync(join(dir, 'settings.json'));
  expect([followed.reread(), followed.current.venues['alpha']?.pollSeconds]).toEqual([null, 60]);
});

test('a file that does not say which venues are on leaves on those of the folder, and later those of before', () => {
  const venuesOfFolder = () => ({ venues: { beta: { enabled: true, url: null, pollSeconds: 30 } }, sentence: 'Beta is on.' });
  const start = (only: readonly string[] | null = null) => followPreferences({ dataDir: dir, defaults, venuesOfFolder, only });
  const on = ({ current }: ReturnType<typeof start>) =>
    Object.entries(current.venues).flatMap(([id, { enabled }]) => (enabled ? [id] : []));
  expect([on(start()), start().notices]).toEqual([['beta'], ['Beta is on.']]);
  expect([on(start(['alpha'])), start(['alpha']).notices]).toEqual([['alpha'], []]);
  write('{"venues": {"alp');
  expect([on(start()), start().notices.join('\n')]).toEqual([['beta'], expect.stringMatching(/damaged[^]+Beta is on\./u)]);
  write(alpha({ enabled: false }));
  const followed = start();
  write(JSON.stringify({ unit: 'apr' }));
  followed.reread();
  expect([on(followed), followed.notices]).toEqual([['beta'], []]);
});
