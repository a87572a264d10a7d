import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLog } from '#node/log.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-log-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const lines = (): Record<string, unknown>[] =>
  readFileSync(join(dir, 'perpscope.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a line holds time, level, area, message and detail; errors keep their stack and cause', async () => {
  const log = openLog({ dir });
  log.write('warn', 'poller', 'late', { ms: 12, error: new Error('outer', { cause: new Error('inner') }) });
  await log.close();
  const [line] = lines();
  expect(line).toMatchObject({
    level: 'warn',
    area: 'poller',
    message: 'late',
    detail: { ms: 12, error: { message: 'outer', cause: { message: 'inner' } } },
  });
  expect(Number.isNaN(Date.parse(String(line?.['at'])))).toBe(false);
  expect(JSON.stringify(line)).toContain('log.test.ts');
});

test('passwords in addresses and the token are not written', async () => {
  const log = openLog({ dir });
  log.write('error', 'http', 'proxy http://ada:s3cret@proxy:8080 refused', {
    url: 'http://127.0.0.1:1/?token=abcDEF123',
    at: 'https://user@host/x',
    odd: 'http://ada:p@ssw0rd/half@proxy:8080/',
  });
  await log.close();
  const text = readFileSync(join(dir, 'perpscope.log'), 'utf8');
  expect(text).not.toMatch(/s3cret|abcDEF123|user@|ssw0rd|half/u);
  expect(text).toContain('***@proxy:8080');
});

test('a terminal is told nothing: what start prints holds one address, and errors hold those of venues and of the demo market', async () => {
  const printed = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
  const log = openLog({ dir });
  log.write('error', 'bybit', 'GET http://127.0.0.1:40001/v5/market/tickers: ECONNRESET');
  const calls = printed.flatMap((write) => write.mock.calls);
  vi.restoreAllMocks();
  await log.close();
  expect(calls).toEqual([]);
  expect(lines()).toHaveLength(1);
});

test('the folder never outgrows its files, and the newest line is there', async () => {
  const log = openLog({ dir, fileMegabytes: 0.03125, oldFiles: 3 });
  for (let index = 0; index < 4000; index += 1) log.write('info', 'test', `line ${index} ${'x'.repeat(100)}`);
  await log.close();
  const files = readdirSync(dir).filter((name) => statSync(join(dir, name)).size > 0);
  const bytes = files.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  expect(bytes).toBeLessThanOrEqual(4 * 32 * 1024 + 4 * 400);
  expect(files.length).toBeGreaterThan(1);
  expect(files.map((name) => readFileSync(join(dir, name), 'utf8')).join('')).toContain('line 3999 ');
});

test('a folder that cannot be made does not stop the app', async () => {
  const file = join(dir, 'file');
  writeFileSync(file, '');
  const log = openLog({ dir: join(file, 'logs') });
  log.write('info', 'test', 'nowhere');
  await log.close();
  await log.close();
  expect(readdirSync(dir)).toEqual(['file']);
});
