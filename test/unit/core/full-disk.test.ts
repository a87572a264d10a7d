import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOnSmallDisk, smallDiskPossible } from '#test/support/small-disk.ts';

test.skipIf(!smallDiskPossible)('after a start on a full disk, what settled meanwhile is fetched again as soon as there is room', () => {
  const dir = mkdtempSync(join(tmpdir(), 'perpscope-full-'));
  try {
    const child = runOnSmallDisk(join(import.meta.dirname, 'full-disk-child.ts'), dir, 16);
    expect(child.stderr).toBe('');
    expect(JSON.parse(child.stdout)).toEqual({
      seenWhileFull: 3,
      noticesWhileFull: [expect.stringMatching(/^The disk that holds .+ is full\./u)],
      backfilling: 0,
      notices: [expect.stringMatching(/^There is room on the disk again: .+ are fetched again\.$/u)],
      kept: 3,
      prices: 3,
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
