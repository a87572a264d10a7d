import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('every bench runs and tells ratios within its own run (the real figures: npm run bench)', async () => {
  const run = resolve(import.meta.dirname, '../bench/run.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [run, '--short'], { encoding: 'utf8' });
  const benches = stdout.split(/^== /mu).slice(1);
  expect(benches.length).toBeGreaterThanOrEqual(5);
  for (const bench of benches) expect(bench).toMatch(/\d x (?:reference|bare|the bare|JSON\.parse|DuckDB)/u);
}, 600_000);
