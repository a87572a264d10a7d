import type { Database } from 'better-sqlite3';
import type { FundingTerms, Stacked, Stretches } from '#core/ports/history-facts.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { HourColumns, PriceColumns, SettledColumns } from '#domain/columns.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { bound } from './checks.ts';
import { closeHour } from './hour.ts';
import type { NewestReader } from './newest.ts';
import { PRICE_COLUMNS, PRICE_LEARNT_AT, pricesOf } from './prices.ts';
import { PackedRows } from './packed-rows.ts';
import {
  type Columns,
  HOUR_COLUMNS,
  hourRow,
  namesOf,
  overlay,
  type RawRow,
  SETTLED_COLUMNS,
  SETTLED_LATER,
  sqlOf,
  termsOf,
} from './rows.ts';
import { SEEN_COLUMNS, seenBeside } from './seen.ts';
import type { NumberedTerms } from './terms.ts';
import { readThinned, type thinnedReader } from './thinned.ts';
import { metaOf } from './versions.ts';

/** Which rows of which instruments, as the statements name them; `numbers` is a list in JSON. */
interface Wanted {
  readonly numbers: string;
  readonly from: number;
  readonly to: number;
  readonly known: number;
  readonly unknown: number;
}

const HOURS = [...HOUR_COLUMNS, ['terms', 'terms']] as const;

/** Places in the list, and the numbers that stand there. */
const WANTED = 'WITH wanted(i, n) AS (SELECT key, value FROM json_each(@numbers))';

/** Rows of each instrument, in the order in which they were asked for. */
type PerInstrument = (wanted: Wanted, count: number) => RawRow[][];

export interface StretchReads {
  readonly newest: NewestReader;
  readonly thinned: ReturnType<typeof thinnedReader>;
}

/**
 * What the reads of single instruments say (`settledSeen`, `hours`, `prices`, `terms`), of many: one statement for each table, since
 * asking and answering one by one takes longer than the reading.
 */
export function stretchesReader(db: Database, { newest, thinned }: StretchReads) {
  const numbers = db.prepare<[string], { id: string; number: number }>(
    'SELECT id, number FROM instruments WHERE id IN (SELECT value FROM json_each(?))',
  );
  /** `time` ascends, `then` comes between rows of one time. */
  function reader(columns: string, table: string, time: string, learnt: string | null, then = ''): PerInstrument {
    const read = db
      .prepare<[Wanted], RawRow>(
        `${WANTED} SELECT i, ${columns} FROM wanted CROSS JOIN ${table} ON instrument = n
         WHERE ${time} > @from AND ${time} <= @to AND ${learnt ?? '@known'} <= @known AND @unknown >= 0 ORDER BY i, ${time}${then}`,
      )
      .raw();
    return (wanted, count) => perInstrument(read.all(wanted), count);
  }
  const settled = reader(sqlOf(SETTLED_COLUMNS), 'settled', 'key', 'learnt_at');
  const settledLater = reader(SETTLED_LATER, 'settled_later', 'key', 'learnt_at', ', version');
  const seen = reader(SEEN_COLUMNS, 'settled_seen', 'key', null);
  const cold = reader(sqlOf(HOURS), 'hour_cold', 'close', 'close + late_ms');
  // In the order of time: of all instruments those of the stretch are few.
  const readHot = db
    .prepare<[Wanted], RawRow>(
      `${WANTED} SELECT i, ${sqlOf(HOURS)} FROM hour_hot CROSS JOIN wanted ON instrument = n
       WHERE close > @from AND close <= @to AND close + late_ms <= @known AND @unknown >= 0 ORDER BY i, close`,
    )
    .raw();
  const hot: PerInstrument = (wanted, count) => perInstrument(readHot.all(wanted), count);
  const prices = reader(sqlOf(PRICE_COLUMNS), 'prices', 'close', `coalesce(${PRICE_LEARNT_AT}, @unknown)`);
  const pricesLater = reader('close, mark, idx, last, learnt_at', 'prices_later', 'close', 'learnt_at', ', version');
  const priced = pricesOf(db);
  const readTerms = db.prepare<[Pick<Wanted, 'numbers'>], LearntTerms & { readonly i: number }>(
    `${WANTED} SELECT i, number, from_t AS "from", cap, floor, interest_per_8h AS interestPer8h, learnt_at AS learntAt
     FROM wanted CROSS JOIN terms ON instrument = n ORDER BY number`,
  );
  const unknown = metaOf(db, 'taken_over_at') ?? 0;
  const hasThinnedHours = (): boolean => readThinned(db).some(({ what }) => what === 'hours');

  return (ids: readonly InstrumentId[], from: number, to: number, asOf: AsOf, now: number): Stretches => {
    const known = asOf === null ? Number.MAX_SAFE_INTEGER : bound(asOf, 'asOf');
    const byId = new Map(numbers.all(JSON.stringify(ids)).map(({ id, number }) => [id, number]));
    // No instrument has the number -1.
    const list = ids.map((id) => byId.get(id) ?? -1);
    const wanted: Wanted = { numbers: JSON.stringify(list), from: bound(from, 'from'), to: bound(to, 'to'), known, unknown };
    const count = ids.length;
    const terms = termsPerInstrument(readTerms.all(wanted), count);

    const [first, later, polled] = [settled(wanted, count), settledLater(wanted, count), seen(wanted, count)];
    const settledOf = (i: number) => {
      const found: SettledColumns = columnsOf(SETTLED_COLUMNS, first[i]);
      overlay(found.key, [found.intervalH, found.mark, found.premium, found.rate], later[i] ?? []);
      return { ...found, ...seenBeside(polled[i] ?? [], found.key, found.intervalH) };
    };
    const [cool, warm] = [cold(wanted, count), hot(wanted, count)];
    const inProgress = newest.of(list);
    const hoursOf = (i: number): HourColumns => {
      const closed = PackedRows.of(HOURS.length, cool[i] ?? []).joined(warm[i] ?? []);
      const rows = closed.joined(pendingOf(list[i] ?? -1, terms[i] ?? []));
      const { terms: numbers, ...found } = rows.columns(namesOf(HOURS));
      return { ...found, ...termsOf(numbers, found.observedAt, terms[i] ?? []) };
    };
    /** The hour of the newest observation where it is over, though no later poll has closed it yet. */
    function pendingOf(number: number, stated: readonly NumberedTerms[]): RawRow[] {
      const pending = inProgress.get(number);
      if (!pending || pending.close <= from || pending.close > Math.min(to, now, known) || pending.learntAt > known) return [];
      return [hourRow(closeHour({ ...pending, snapshot: { symbol: '', ...pending.snapshot } }), stated.at(-1)?.number ?? null)];
    }
    const [words, laterWords] = [prices(wanted, count), pricesLater(wanted, count)];
    const pricesOfOne = (i: number) =>
      priced(PRICE_COLUMNS, PackedRows.of(PRICE_COLUMNS.length, words[i] ?? []), laterWords[i] ?? []) as PriceColumns;
    const isThinned = hasThinnedHours();
    return {
      settled: stacked(list.map((_, i) => settledOf(i))),
      hours: stacked(list.map((_, i) => hoursOf(i))),
      prices: stacked(list.map((_, i) => pricesOfOne(i))),
      thinned: list.map((number) => (isThinned && number >= 0 ? thinned('hours', number, from, Math.min(to, known)) : [])),
      terms: terms.map((all) => statedBy(all, known)),
    };
  };
}

const columnsOf = <K extends string>(columns: Columns<K>, rows: readonly RawRow[] = []): Record<K, Float64Array> =>
  PackedRows.of(columns.length, rows).columns(namesOf(columns));

/** Rows of which the first field is the place of their instrument, without it. */
function perInstrument(rows: readonly RawRow[], count: number): RawRow[][] {
  const found: RawRow[][] = Array.from({ length: count }, () => []);
  for (const [i, ...row] of rows) found[i ?? 0]?.push(row);
  return found;
}

type LearntTerms = NumberedTerms & { readonly learntAt: number };

function termsPerInstrument(rows: readonly (LearntTerms & { readonly i: number })[], count: number): LearntTerms[][] {
  const found: LearntTerms[][] = Array.from({ length: count }, () => []);
  for (const row of rows) found[row.i]?.push(row);
  return found;
}

/** As `terms` of one instrument: by the time from which they held. */
const statedBy = (all: readonly LearntTerms[], known: number): FundingTerms[] =>
  all
    .filter(({ learntAt }) => learntAt <= known)
    .sort((a, b) => a.from - b.from || a.number - b.number)
    .map(({ from, cap, floor, interestPer8h }) => ({ from, cap, floor, interestPer8h }));

function stacked<C extends { readonly [K in keyof C]: Float64Array }>(parts: readonly C[]): Stacked<C> {
  const [first] = parts;
  if (first === undefined) throw new RangeError('no instrument is named');
  const names = Object.keys(first) as (keyof C)[];
  const lengths = parts.map((part) => part[names[0] as keyof C].length);
  let end = 0;
  const ends = lengths.map((length) => (end += length));
  const columns = names.map((name): [keyof C, Float64Array] => {
    const column = new Float64Array(end);
    for (const [i, part] of parts.entries()) column.set(part[name], (ends[i] ?? 0) - (lengths[i] ?? 0));
    return [name, column];
  });
  return { columns: Object.fromEntries(columns) as C, ends };
}
