import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { hasTitle, pageOf } from '../../build/docs-trust.ts';
import { electron, faults } from '../../build/trust-rows.ts';

const root = resolve(import.meta.dirname, '../..');

test('every test that docs/trust.md names exists', () => {
  const named = [...faults, ...electron].flatMap(({ tests }) => tests);
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter((proof) => !hasTitle(proof))).toEqual([]);
  expect(hasTitle({ file: 'test/unit/node/log.test.ts', part: 'a promise that was never tested' })).toBe(false);
});

test('docs/trust.md has the 50 rows of the fault matrix and the 20 of Electron’s list, and is up to date', async () => {
  expect([faults.length, electron.length]).toEqual([50, 20]);
  expect(readFileSync(join(root, 'docs/trust.md'), 'utf8')).toBe(await pageOf());
});
