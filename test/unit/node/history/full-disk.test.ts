import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from './support.ts';

/** A small file system of one's own needs a mount namespace: root, or a system that lets users make one. */
const namespace = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
const possible =
  process.platform === 'linux' && spawnSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'tmpfs', tempDir()]).status === 0;
if (!possible) console.warn('no mount namespaces here: the full-disk test is left out');

test.skipIf(!possible)('a full disk costs polls while it lasts: it is said, reads go on, and recording recovers by itself', () => {
  const dir = tempDir();
  const script = 'mount -t tmpfs -o size=3m tmpfs "$1" && exec "$2" "$3" "$1"';
  const args = ['sh', dir, process.execPath, join(import.meta.dirname, 'full-disk-child.ts')];
  const child = spawnSync('unshare', [...namespace, 'sh', '-c', script, ...args], { encoding: 'utf8' });
  expect(child.stderr).toBe('');
  const told = (pattern: RegExp): unknown => expect.stringMatching(pattern);
  expect(JSON.parse(child.stdout)).toEqual({
    refusals: ['full', 'full'],
    readWhileFull: true,
    told: told(/^The disk that holds .+ is full\. Free some space: recording goes on by itself\. Polls not recorded so far: 2\.$/u),
    eventWhileFull: 'full',
    recovered: true,
    after: [told(/^Polls not recorded because the disk was full: 2\. Recording goes on again\.$/u)],
    integrity: 'ok',
    lockWhileFull: true,
    startedWhileFull: [told(/^The disk that holds .+ is full\..+what was stored before is shown\.$/u)],
    seenWhenStartedFull: true,
    afterStartedFull: [told(/^There is room on the disk again: recording goes on\./u)],
    keptAfterStartedFull: true,
    createdWhileFull: [told(/^The disk that holds .+ is full\..+nothing new is kept\.$/u)],
    filesTouched: [],
  });
});
