import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDERS = ['src/node/history', 'src/node/archive'];

/** Every statement that changes or deletes what is stored, by file, and why it may. Nothing else does: a later word is a row of its own. */
const MAY: Readonly<Record<string, readonly (readonly [statement: string, why: string])[]>> = {
  'newest.ts': [
    ['DROP TABLE latest', 'a migration: its rows are in `newest`'],
    ['UPDATE meta SET', 'a migration: the least version that can read the file'],
    ['DO UPDATE', 'a cache: the newest value, which snapshots and hours hold too, and the sums of the hour in progress'],
  ],
  'spans.ts': [['DELETE FROM spans', 'a cache: what `spans_learnt` holds, merged']],
  'changes.ts': [['DELETE FROM changes', 'no facts: where to look for those that are new, which their tables hold']],
  'maintain.ts': [
    ['DELETE FROM ${hot}', 'a move: the rows are in the cold table by then; or retention, recorded in `thinned`'],
    ['DELETE FROM snapshot_cold', 'retention, recorded in `thinned`'],
    ['DROP TABLE IF', "a migration: no facts, counts for the planner of SQLite's own"],
  ],
  'polled-premium.ts': [['UPDATE meta SET', 'a migration: the least version that can read the file']],
  'books.ts': [['DELETE FROM book_raw', 'retention, recorded in `thinned`']],
  'limits.ts': [['DELETE FROM hour_cold', 'retention by a limit of the person, recorded in `thinned`']],
  // Of the archive.
  'slice.ts': [
    ['INSERT OR REPLACE INTO meta', 'in memory'],
    ['DELETE FROM ${table}', 'what was read for the answer before, in memory'],
  ],
  'write.ts': [
    ['DELETE FROM ${table.table}', 'a move: the rows are in the archive, read back and compared, and `archived` says so'],
    ['DO UPDATE', 'which part of a month was moved last'],
  ],
  'runs.ts': [['DELETE FROM runs', 'the stretch that runs on takes the place of what it holds whole']],
  // Two histories become one: words of both are put in the order in which they were learnt, the first of them all at the row itself.
  'merge.ts': [
    ['DROP TABLE IF', 'temporary: numbers of the other file'],
    ['DROP TABLE IF', 'temporary'],
    ['DROP TABLE IF', 'temporary'],
    ['DELETE FROM main.instruments_later', 'a move: the words of both are written again in their order'],
    ['UPDATE main.instruments SET', 'a move: the first word of both'],
    ['DELETE FROM map_terms', 'temporary'],
    ['DELETE FROM main.${table}_later', 'a move: the words of both are written again in their order'],
    ['UPDATE main.settled SET', 'a move: the first word of both'],
    ['UPDATE main.prices SET', 'a move: the first word of both'],
    ['DELETE FROM main.${table}', 'of two observations of one hour the one that covers more of it stays'],
    ['DO UPDATE', 'of one conflict how often and when it was seen, in both'],
    ['DELETE FROM main.${table}', 'a cache, worked out again from what was learnt in both'],
  ],
  // Migrations: shipped ones never change; those of now keep every row.
  'asked.ts': [['DELETE FROM spans', 'a shipped migration']],
  'mend-intervals.ts': [['UPDATE settled SET', 'a shipped migration']],
  'schema.ts': [
    ['DELETE FROM spans', 'a shipped migration'],
    ['UPDATE latest SET', 'a shipped migration'],
    ['UPDATE latest SET', 'a shipped migration'],
    ['UPDATE settled SET', 'a shipped migration'],
    ['UPDATE latest SET', 'a shipped migration'],
    ['UPDATE ${table} SET', 'a shipped migration'],
    ['UPDATE ${table} SET', 'a shipped migration'],
  ],
  'instruments.ts': [['UPDATE instruments SET', 'a migration: fills a column that is new']],
  'terms.ts': [['DROP TABLE funding_caps', 'a migration: its rows are in `terms`']],
  'versions.ts': [
    ['DROP TABLE asked', 'a migration: its rows are in `asked_later`'],
    ['UPDATE instruments SET', 'a migration: fills a column that is new'],
  ],
};

const CHANGES = /\b(?:UPDATE (?!SET)\S+ SET|DELETE FROM \S+|INSERT OR REPLACE INTO \S+|REPLACE INTO \S+|DO UPDATE|DROP TABLE \S+)/gu;

test('nothing that is stored is changed or deleted but for caches, moves, recorded retention and migrations', () => {
  const found = Object.fromEntries(
    FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
      .map((path): [string, string[]] => [
        basename(path),
        [...readFileSync(path, 'utf8').matchAll(CHANGES)].map(([statement]) => statement.replace(/['"`;)]+$/u, '')),
      ])
      .filter(([, statements]) => statements.length > 0),
  );
  expect(found).toEqual(Object.fromEntries(Object.entries(MAY).map(([name, list]) => [name, list.map(([statement]) => statement)])));
});
