import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOnSmallDisk, smallDiskPossible } from '#test/support/small-disk.ts';
import { tempDir } from './support.ts';

test.skipIf(!smallDiskPossible)('a full disk costs polls while it lasts: it is said, reads go on, and recording recovers by itself', () => {
  const child = runOnSmallDisk(join(import.meta.dirname, 'full-disk-child.ts'), tempDir(), 3);
  expect(child.stderr).toBe('');
  const told = (pattern: RegExp): unknown => expect.stringMatching(pattern);
  expect(JSON.parse(child.stdout)).toEqual({
    refusals: ['full', 'full'],
    readWhileFull: true,
    told: told(
      /^The disk that holds .+ is full\. Free some space: recording goes on by itself\. Polls of binance not recorded so far: 2\.$/u,
    ),
    eventWhileFull: 'full',
    recovered: true,
    after: [told(/^Polls of binance not recorded because the disk was full: 2\. Recording goes on again\.$/u)],
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
