import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createImportFiles } from '#node/import/open-import.ts';

test('what a page hands over has an end: more is refused in words, and what is here stays as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'given-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = createImportFiles(folder, { now: Date.now, log: { write: () => undefined } }, 6);
  const id = await files.begin('a.perpscope');
  await files.append(id, Buffer.from('abc'));
  await files.append(id, Buffer.from('def'));
  await expect(files.append(id, Buffer.from('g'))).rejects.toThrow('at most 2 GB');
  expect(readFileSync(files.pathOf(id), 'utf8')).toBe('abcdef');
});
