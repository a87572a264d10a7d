import type { MatrixRow, WatchRow } from '#bridge/contract.ts';
import type { CoverageCalendar } from '#bridge/coverage.ts';
import type { QueryAnswer } from '#bridge/query.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { columnOf, type OutTable } from './out.ts';

/** Tables of panels as they leave the app: rates as decimals, times in UTC, whatever unit and zone the screen shows. */

const iso = (t: number | null): string => (t === null ? '' : new Date(t).toISOString());

/** The rows of a list, with its chosen columns by the names under which rows hold their cells. */
export function watchTable(
  name: string,
  rows: readonly WatchRow[],
  columns: readonly { readonly cell: string; readonly choice: MetricChoice }[],
  sectionOf: (id: string) => string = () => '',
): OutTable {
  const { time, number, text } = columnOf;
  const of = <T>(pick: (row: WatchRow) => T): T[] => rows.map(pick);
  return {
    name: `watchlist ${name}`.slice(0, 80),
    columns: [
      text(
        'instrument',
        of((row) => row.instrument.id),
      ),
      text(
        'asset',
        of((row) => row.instrument.asset),
      ),
      text(
        'section',
        of((row) => sectionOf(row.instrument.id)),
      ),
      time(
        'observed',
        of((row) => row.observedAt),
      ),
      number(
        'running_rate',
        'per interval',
        of((row) => row.rate),
        'measured',
      ),
      number(
        'interval_h',
        'h',
        of((row) => row.intervalH),
        'measured',
      ),
      time(
        'next_settlement',
        of((row) => row.nextFundingAt),
      ),
      number(
        'mark_price',
        'quote money',
        of((row) => row.mark),
        'measured',
      ),
      number(
        'index_price',
        'quote money',
        of((row) => row.index),
        'measured',
      ),
      number(
        'open_interest',
        'coins of the price',
        of((row) => row.openInterest),
        'measured',
      ),
      number(
        'volume_24h',
        'quote money',
        of((row) => row.volume24h),
        'measured',
      ),
      number(
        'f',
        'per h',
        of((row) => row.f),
      ),
      number(
        'ema',
        'per h',
        of((row) => row.ema),
      ),
      number(
        'd',
        'per h',
        of((row) => row.d),
      ),
      text(
        'signal',
        of((row) => row.signal.phase),
      ),
      ...columns.map(({ cell, choice }) =>
        number(
          [choice.metric, ...Object.entries(choice.params).map(([key, value]) => `${key}=${value}`)].join(' '),
          findMetric(choice.metric)?.unit ?? '',
          of((row) => row.cells[cell]?.value ?? null),
        ),
      ),
    ],
  };
}

/** A row for each instrument of the matrix, beside the spread of its asset. */
export function matrixTable(rows: readonly MatrixRow[]): OutTable {
  const { time, number, text } = columnOf;
  const cells = rows.flatMap((row) => row.cells.map((cell) => ({ row, cell })));
  return {
    name: 'matrix',
    columns: [
      text(
        'asset',
        cells.map(({ row }) => row.asset),
      ),
      text(
        'instrument',
        cells.map(({ cell }) => cell.instrument),
      ),
      time(
        'observed',
        cells.map(({ cell }) => cell.observedAt),
      ),
      number(
        'f',
        'per h',
        cells.map(({ cell }) => cell.f),
      ),
      number(
        'd',
        'per h',
        cells.map(({ cell }) => cell.d),
      ),
      text(
        'left_out',
        cells.map(({ cell }) => cell.left ?? ''),
      ),
      number(
        'spread',
        'per h',
        cells.map(({ row }) => row.spread),
      ),
      text(
        'short',
        cells.map(({ row }) => row.short ?? ''),
      ),
      text(
        'long',
        cells.map(({ row }) => row.long ?? ''),
      ),
    ],
  };
}

export function coverageTable(instrument: string, { kind, day, expected, there, missing }: CoverageCalendar): OutTable {
  const { time, number } = columnOf;
  return {
    name: `coverage ${instrument} ${kind}`.slice(0, 80),
    columns: [
      time('day', day),
      number('expected', 'rows', expected),
      number('there', 'rows', there),
      ...missing.map(({ why, rows }) => number(`missing_${why}`, 'rows', rows)),
    ],
  };
}

export function queryTable({ columns, rows }: QueryAnswer): OutTable {
  return {
    name: 'query',
    columns: columns.map(({ name, kind }, i) => {
      const cells = rows.map((row) => row[i] ?? null);
      const title = name.slice(0, 120) || `column ${i + 1}`;
      if (kind === 'time' && cells.every((cell) => typeof cell !== 'string')) return columnOf.time(title, cells);
      if (cells.every((cell) => typeof cell !== 'string')) return columnOf.number(title, '', cells, 'measured');
      return columnOf.text(
        title,
        cells.map((cell) => (kind === 'time' && typeof cell === 'number' ? iso(cell) : String(cell ?? '')).slice(0, 500)),
      );
    }),
  };
}
