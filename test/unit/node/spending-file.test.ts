import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSpendingFile } from '#node/spending-file.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-spending-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = () => join(dir, 'limits.json');
const logged: string[] = [];
const open = () => openSpendingFile(file(), { write: (level, _, message) => void logged.push(`${level} ${message}`) });

test('what is kept of each venue is there at the next start', () => {
  const [one, two] = [
    { bucket: 'weight', at: 5, units: 7 },
    { bucket: 'history', at: 6, units: 1 },
  ];
  const first = open();
  expect(first.spent('alpha')).toEqual([]);
  first.keep('alpha', [one]);
  first.keep('beta', [two]);
  first.keep('alpha', [one, two]);
  expect([open().spent('alpha'), open().spent('beta'), open().spent('gamma')]).toEqual([[one, two], [two], []]);
  expect(readdirSync(dir)).toEqual(['limits.json']);
});

test('kill -9 at any moment: whatever was sent is known to the next start', async () => {
  let known = 0;
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'spending-child.ts'), file()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let sent = 0;
    child.stdout.on('data', (dots: Buffer) => {
      sent += dots.length;
      if (sent > 2000 * (round + 1)) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const spent = (open().spent('alpha') ?? []).reduce((sum, { units }) => sum + units, 0);
    expect(spent - known, `round ${round}`).toBeGreaterThanOrEqual(sent);
    // One block of 5,000 may be counted that was not spent.
    expect(spent - known, `round ${round}`).toBeLessThanOrEqual(sent + 5000);
    known = spent;
  }
});

test.each(['', '{', '[]', '{"alpha":[{"bucket":"weight"}]}', '{"alpha":[{"bucket":"weight","at":1,"units":-5}]}'])(
  'a file that says %j cannot be read: nothing is known, and it is said',
  (text) => {
    logged.length = 0;
    writeFileSync(file(), text);
    const book = open();
    expect([book.spent('alpha'), logged]).toEqual([null, [expect.stringMatching(/^warn .+cannot be read/u)]]);
    book.keep('alpha', []);
    expect(open().spent('alpha')).toEqual([]);
  },
);

test('where it cannot be written, that is said once, and the run goes on', () => {
  logged.length = 0;
  mkdirSync(file());
  const book = open();
  logged.length = 0;
  for (const at of [1, 2, 3]) book.keep('alpha', [{ bucket: 'weight', at, units: 1 }]);
  expect(logged).toEqual([expect.stringMatching(/cannot be written/u)]);
  expect(book.spent('alpha')).toEqual([{ bucket: 'weight', at: 3, units: 1 }]);
});
