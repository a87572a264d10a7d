import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { smallDiskPossible } from '#test/support/small-disk.ts';

test.skipIf(!smallDiskPossible)(
  'a collector whose disk was full from the start says at the end that nothing is written, with exit code 1',
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'perpscope-full-'));
    const cli = resolve(import.meta.dirname, '../../../src/cli/index.ts');
    const script =
      'mount -t tmpfs -o size=1m tmpfs "$1"; head -c 2m /dev/zero >"$1/fill" 2>/dev/null; exec "$2" "$3" collect --demo --data-dir "$1" --venue binance --symbol binance:BTCUSDT --for 3s';
    const namespace = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
    try {
      const { status, stderr } = spawnSync('unshare', [...namespace, 'sh', '-c', script, 'sh', dir, process.execPath, cli], {
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([1, expect.stringMatching(/Not everything could be written: .+ is full/u)]);
      expect(stderr).not.toContain('is written.');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
  60_000,
);
