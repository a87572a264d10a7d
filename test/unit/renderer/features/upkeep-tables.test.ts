import { expect, test } from 'vitest';
import type { AlertEntry } from '#bridge/alert.ts';
import type { VenueHealth } from '#bridge/contract.ts';
import { alertTable } from '../../../../src/renderer/features/exports/alert-table.ts';
import type { OutTable } from '../../../../src/renderer/features/exports/out.ts';
import { storageTable, venueTable } from '../../../../src/renderer/features/exports/upkeep-tables.ts';

const cellsOf = ({ columns }: OutTable, name: string): unknown => columns.find((column) => column.name === name)?.values;

test('venues leave as they stand: what is not known is empty, the address is the one that is asked', () => {
  const base: VenueHealth = {
    ...{ id: 'a', name: 'A', ownUrl: 'https://a.example', givenUrl: null, state: 'healthy', okAt: 1_000, latencyMs: 12, error: null },
    ...{ nextTryAt: null, pollMs: 30_000, instruments: 5, refused: 2, refusals: [], missing: 0, clockOffsetMs: null, aheadMs: 0 },
    ...{ backfilling: 1, filling: [], unserved: 0, holes: [] },
  };
  const down: VenueHealth = {
    ...base,
    id: 'b',
    givenUrl: 'http://127.0.0.1:9',
    state: 'down',
    okAt: null,
    latencyMs: null,
    error: 'no way',
  };
  const table = venueTable([base, down]);
  expect(new Set(table.columns.map(({ values }) => values.length))).toEqual(new Set([2]));
  expect(cellsOf(table, 'state')).toEqual(['healthy', 'down']);
  expect(cellsOf(table, 'last_good_answer')).toEqual([1_000, NaN]);
  expect(cellsOf(table, 'latency')).toEqual([12, NaN]);
  expect(cellsOf(table, 'address')).toEqual(['https://a.example', 'http://127.0.0.1:9']);
  expect(cellsOf(table, 'error')).toEqual(['', 'no way']);
});

test('what is stored leaves by kind and by venue, every row of the survey', () => {
  const table = storageTable({
    kinds: [
      { kind: 'settled', bytes: 100, rows: 10, rowsPerDay: 3, keptDays: null, oldest: 5_000 },
      { kind: 'other', bytes: 40, rows: 7, rowsPerDay: 1, keptDays: 30, oldest: null },
    ],
    venues: [{ venue: 'a', rows: 10, bytes: 140 }],
    ...{ countedDays: 2, bytesInYear: null, freeBytes: null, personBytes: 1, givesBack: true, quick: null, full: null },
  });
  expect(new Set(table.columns.map(({ values }) => values.length))).toEqual(new Set([3]));
  expect(cellsOf(table, 'by')).toEqual(['kind', 'kind', 'venue']);
  expect(cellsOf(table, 'of')).toEqual(['settled', 'other', 'a']);
  expect(cellsOf(table, 'size')).toEqual([100, 40, 140]);
  expect(cellsOf(table, 'rows')).toEqual([10, NaN, 10]);
  expect(cellsOf(table, 'growth')).toEqual([3, NaN, NaN]);
  expect(cellsOf(table, 'since')).toEqual([5_000, NaN, NaN]);
  expect(cellsOf(table, 'kept')).toEqual([NaN, 30, NaN]);
});

test('the log of alerts leaves with level and value of each condition, what happened and when it was seen', () => {
  const premium = { choice: { metric: 'premium', params: {} }, op: 'outside', level: 0.002, value: -0.003 } as const;
  const rank = { choice: { metric: 'funding-rank', params: { days: 30 } }, op: 'above', level: 0.95, value: 0.97 } as const;
  const entries: AlertEntry[] = [
    { rule: 'r', name: 'Both', k: 2, instrument: 'a:X', at: 2_000, told: true, conditions: [premium, rank], acknowledgedAt: 3_000 },
    {
      rule: 's',
      name: 'Gone',
      k: 1,
      instrument: 'a:*',
      at: 1_000,
      told: false,
      held: 'quiet-hours',
      kind: 'event',
      says: 'X was delisted',
      conditions: [],
    },
  ];
  const table = alertTable(entries);
  expect(new Set(table.columns.map(({ values }) => values.length))).toEqual(new Set([2]));
  expect(cellsOf(table, 'kind')).toEqual(['entered', 'event']);
  expect(cellsOf(table, 'says')).toEqual(['', 'X was delisted']);
  expect(cellsOf(table, 'condition_2')).toEqual(['funding-rank days=30 above (percent-rank)', '']);
  expect(cellsOf(table, 'value_1')).toEqual([-0.003, NaN]);
  expect([cellsOf(table, 'level_1'), cellsOf(table, 'value_2')]).toEqual([
    [0.002, NaN],
    [0.97, NaN],
  ]);
  expect(cellsOf(table, 'told')).toEqual(['yes', 'quiet-hours']);
  expect(cellsOf(table, 'acknowledged')).toEqual([3_000, NaN]);
});
