import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Facts, Plan } from '#domain/import/plan.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { TableReader } from '#node/import/table-reader.ts';
import { tempDir } from '../history/support.ts';

const T = Date.UTC(2025, 0, 1);
const PLAN: Plan = {
  ...{ places: { time: 0, rate: 1 }, zoneMs: 0, dates: null, percent: false, interval: 'derived' },
  ...{ closeIs: null, candleMs: 0, interestIn: 'base' },
};

async function opened(...lines: readonly string[]): Promise<TableReader> {
  const path = join(tempDir(), 'a.csv');
  writeFileSync(path, ['time,fundingRate', ...lines].join('\n'));
  const reader = new TableReader(path, 'a.csv', () => T + 1000 * HOUR_MS);
  await reader.open();
  return reader;
}
async function factsOf(...lines: readonly string[]): Promise<Facts> {
  const reader = await opened(...lines);
  await reader.beginScan({});
  for (;;) {
    const { done } = await reader.scanPiece();
    if (done !== null) return done;
  }
}

test('a batch ends with a settlement: rows of one are never of two transactions', async () => {
  const reader = await opened(`${T},0.01`, `${T + 31},0.02`, `${T + 47},0.03`, `${T + 8 * HOUR_MS},0.04`);
  await reader.beginLoad();
  const terms = { '': { contract: 'linear' as const, contractSize: null } };
  while ((await reader.loadPiece(PLAN, terms)).done === null);
  const rates = (from: number, most: number): number[] => [...(reader.batch(0, from, most)[1] ?? [])];
  expect([rates(0, 1), rates(3, 1), rates(0, 3), rates(4, 1)]).toEqual([[0.01, 0.02, 0.03], [0.04], [0.01, 0.02, 0.03], []]);
});

test('the usual distance is the most frequent one, the shorter of two that are equally frequent; the middle rate is told', async () => {
  const at = (...minutes: number[]): string[] => minutes.map((minute, i) => `${T + minute * MINUTE_MS + i},0.000${i + 1}`);
  expect(await factsOf(...at(0, 60, 120, 600))).toMatchObject({ stepMs: HOUR_MS, forms: { milliseconds: 4 }, rates: { middle: 0.0003 } });
  expect((await factsOf(...at(0, 480, 600, 720, 1200))).stepMs).toBe(120 * MINUTE_MS);
  expect((await factsOf(...at(0))).stepMs).toBeNaN();
});

test('days and months with the year last are told apart by numbers above 12, whichever stands first', async () => {
  const dates = async (...lines: string[]) => (await factsOf(...lines.map((day) => `${day} 08:00,0.1`))).dates;
  expect(await dates('01/02/2025', '15/02/2025')).toEqual({ count: 2, firstIsDay: 1, secondIsDay: 0 });
  expect(await dates('12/12/2025', '02/13/2025', '13/02/2025')).toEqual({ count: 3, firstIsDay: 1, secondIsDay: 1 });
});
