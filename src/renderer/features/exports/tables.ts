import type { MatrixRow, WatchRow } from '#bridge/contract.ts';
import type { CoverageCalendar } from '#bridge/coverage.ts';
import type { MatrixLook } from '#bridge/matrix.ts';
import type { ShownColumn } from '#bridge/out.ts';
import type { QueryAnswer } from '#bridge/query.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { NetPair } from '../matrix/matrix.ts';
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

/** Of which moment a matrix is (null: now), and what its best pair leaves. */
interface MatrixOf {
  readonly at: number | null;
  readonly isVenueTime: boolean;
  readonly look: Pick<MatrixLook, 'size' | 'holdH'>;
  readonly netOf: (row: MatrixRow) => NetPair | null;
}

/** A row for each instrument of the matrix, with the figures of its asset beside it. */
export function matrixTable(rows: readonly MatrixRow[], { at, isVenueTime, look, netOf }: MatrixOf): OutTable {
  const { time, number, text } = columnOf;
  const cells = rows.flatMap((row) => {
    const net = netOf(row);
    return row.cells.map((cell) => ({ row, cell, net }));
  });
  type Line = (typeof cells)[number];
  const texts = (name: string, pick: (line: Line) => string | null | undefined): ShownColumn =>
    text(
      name,
      cells.map((line) => pick(line) ?? ''),
    );
  const figures = (name: string, unit: string, pick: (line: Line) => number | null | undefined, origin?: 'measured'): ShownColumn =>
    number(
      name,
      unit,
      cells.map((line) => pick(line) ?? null),
      origin,
    );
  const skewOf = ({ row, cell }: Line): number | null => (cell.f === null || row.median === null ? null : cell.f - row.median);
  return {
    name: at === null ? 'matrix' : `matrix ${iso(at).slice(0, 16).replace(':', '')}`,
    columns: [
      texts('asset', ({ row }) => row.asset),
      texts('instrument', ({ cell }) => cell.instrument),
      ...(at === null
        ? []
        : [
            time(
              'as_of',
              cells.map(() => at),
            ),
            texts('as_of_is', () => (isVenueTime ? 'venue time' : 'as recorded')),
          ]),
      time(
        'observed',
        cells.map(({ cell }) => cell.observedAt),
      ),
      figures('f', 'per h', ({ cell }) => cell.f),
      figures('skew', 'per h', skewOf),
      texts('outlier', ({ cell }) => (cell.isOutlier ? 'yes' : '')),
      figures('least', 'per h', ({ cell }) => cell.least),
      figures('greatest', 'per h', ({ cell }) => cell.greatest),
      figures('d', 'per h', ({ cell }) => cell.d),
      figures('open_interest', 'USD', ({ cell }) => cell.openInterest),
      figures('volume_24h', 'USD', ({ cell }) => cell.volume24h),
      texts('left_out', ({ cell }) => cell.left),
      figures('median', 'per h', ({ row }) => row.median),
      figures('dispersion', 'per h', ({ row }) => row.dispersion),
      figures('spread', 'per h', ({ row }) => row.spread),
      texts('short', ({ row }) => row.short),
      texts('long', ({ row }) => row.long),
      figures('net', `of a leg of ${look.size} USD in ${look.holdH} h`, ({ net }) => net?.net),
      texts('net_short', ({ net }) => net?.short),
      texts('net_long', ({ net }) => net?.long),
      texts('net_of_fees_alone', ({ net }) => net?.feesOnly.join(' ')),
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
