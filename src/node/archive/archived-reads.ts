import type { BookColumns, Latest, NewestBooks, StoreStatus, Thinned } from '#core/ports/history-facts.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { FactReads } from '../history/fact-reads.ts';
import { metaOf } from '../history/versions.ts';
import type { ReadonlyPostgres } from '../postgres/readonly-history.ts';
import type { Archive, DroppedMonth } from './archive.ts';
import { type ArchivedRows, Slice } from './slice.ts';
import { ARCHIVED, LEAST_DAYS, monthOf } from './tables.ts';

type Input<K extends keyof FactReads> = Parameters<FactReads[K]>;

/** What is younger lies in the database: a day less than a month waits, for clocks that differ. */
const LIVE_MS = (LEAST_DAYS - 1) * 24 * HOUR_MS;

/** Facts of one question: times in [from, to] of these instruments, in these archived tables. */
interface Wanted {
  readonly ids: readonly InstrumentId[];
  readonly from: number;
  readonly to: number;
  readonly tables: readonly string[];
}

const SETTLED = ['settled', 'settled_later', 'settled_seen'];
const PRICES = ['prices', 'prices_later'];
const HOURS = ['hour_cold'];
const BOOKS = ['book_hour'];
/** Tables that are read together with an archived one. */
const BESIDE: Readonly<Record<string, readonly (readonly [table: string, time: string])[]>> = { book_hour: [['book_raw', 'ts']] };

/** How the archive stands, for the person. */
export interface ArchiveState {
  /** The last month that lies in it, as '2025-06'; null: none does. */
  readonly upTo: string | null;
  /** Where it is read; null: no archive was named. */
  readonly place: string | null;
  /** Why its months cannot be read; null: they can, or nothing has asked for one. */
  readonly trouble: string | null;
}

/** A desk's history with the months that went into its archive. Where the archive cannot be read the rest is, and says so. */
export class ArchivedReads {
  readonly #live: ReadonlyPostgres;
  readonly #archive: Archive | null;
  readonly #now: () => number;
  /** An answer was given without months that lie in the archive. */
  #isMissing = false;
  /** As the database said last. */
  #months: readonly DroppedMonth[] = [];
  #of = 0;
  #slice: Slice | null = null;

  constructor(live: ReadonlyPostgres, archive: Archive | null, now: () => number) {
    this.#live = live;
    this.#archive = archive;
    this.#now = now;
  }

  settled = (...input: Input<'settled'>) => this.#range(input, SETTLED, (store) => store.settled(...input));
  settledSeen = (...input: Input<'settledSeen'>) => this.#range(input, SETTLED, (store) => store.settledSeen(...input));
  prices = (...input: Input<'prices'>) => this.#range(input, PRICES, (store) => store.prices(...input));
  hours = (...input: Input<'hours'>) =>
    this.#range(
      input,
      HOURS,
      (store) => store.hours(...input),
      (found, spans) => ({ ...found, thinned: [...found.thinned, ...spans] }),
    );
  books = (...input: Input<'books'>) =>
    this.#range(
      input,
      BOOKS,
      (store) => store.books(...input),
      (found, spans) => ({ ...found, thinned: [...found.thinned, ...spans] }),
    );
  stretches = (...input: Input<'stretches'>) => {
    const [ids, from, to] = input;
    return this.#across(
      { ids, from, to, tables: [...SETTLED, ...HOURS, ...PRICES] },
      (store) => store.stretches(...input),
      (found, spans) => ({ ...found, thinned: found.thinned.map((one) => [...one, ...spans]) }),
    );
  };
  rateRanges = (...input: Input<'rateRanges'>) => {
    const [ids, from, to] = input;
    return this.#across({ ids, from: from - HOUR_MS, to, tables: HOURS }, (store) => store.rateRanges(...input));
  };
  learntBy = (...input: Input<'learntBy'>) =>
    this.#across({ ids: input[0], from: -Infinity, to: Infinity, tables: SETTLED.slice(0, 1) }, (store) => store.learntBy(...input));
  lateWords = (ids: readonly InstrumentId[]) =>
    this.#across({ ids, from: -Infinity, to: Infinity, tables: [...SETTLED, ...PRICES] }, (store) => store.lateWords(ids));

  /** Of instruments of which the database has nothing so old any more the archive's newest hour. */
  async latest(...[asOf = null, ids = null]: Input<'latest'>): Promise<Latest[]> {
    const found = this.#live.latest(asOf, ids);
    if (asOf === null) return found;
    const there = new Set(found.map(({ instrument }) => instrument.id));
    const listed = this.#live.instruments(asOf, ids).map(({ id }) => id);
    const missing = listed.filter((id) => !there.has(id));
    const older = await this.#newest(missing, asOf, HOURS, (store, some) => store.latest(asOf, some));
    const byId = new Map([...found, ...older.flat()].map((one) => [one.instrument.id, one]));
    return listed.flatMap((id) => byId.get(id) ?? []);
  }

  async newestBooks(ids: readonly InstrumentId[], at: number): Promise<NewestBooks> {
    const found = this.#live.newestBooks(ids, at);
    const there = new Set(found.ids);
    const missing = ids.filter((id) => !there.has(id));
    const older = await this.#newest(missing, at, BOOKS, (store, some) => store.newestBooks(some, at));
    return older.reduce((all, one) => ({ ids: [...all.ids, ...one.ids], books: joined(all.books, one.books) }), found);
  }

  /** What cannot be read of the archive is no less away than what retention deleted. */
  async thinned(): Promise<Thinned[]> {
    const { upTo, trouble, place } = await this.archive();
    const away = upTo === null || (place !== null && trouble === null) ? [] : this.#months;
    return [...this.#live.thinned(), ...away.map(({ from, to, at }): Thinned => ({ what: 'archived', from, to: to - 1, at }))];
  }

  instruments = (...input: Input<'instruments'>) => this.#live.instruments(...input);
  snapshots = (...input: Input<'snapshots'>) => this.#live.snapshots(...input);
  terms = (...input: Input<'terms'>) => this.#live.terms(...input);
  orderRules = (...input: Input<'orderRules'>) => this.#live.orderRules(...input);
  imports = (...input: Input<'imports'>) => this.#live.imports(...input);
  interest = (...input: Input<'interest'>) => this.#live.interest(...input);
  events = (...input: Input<'events'>) => this.#live.events(...input);
  conflicts = (...input: Input<'conflicts'>) => this.#live.conflicts(...input);
  runs = () => this.#live.runs();
  bans = (...input: Input<'bans'>) => this.#live.bans(...input);
  spans = (...input: Input<'spans'>) => this.#live.spans(...input);
  asked = (...input: Input<'asked'>) => this.#live.asked(...input);
  learntSince = (...input: Input<'learntSince'>) => this.#live.learntSince(...input);
  hoursBeyond = (...input: Parameters<ReadonlyPostgres['hoursBeyond']>) => this.#live.hoursBeyond(...input);

  status(): StoreStatus {
    const status = this.#live.status();
    this.#look();
    const archived = this.#archive === null ? 0 : this.#months.reduce((sum, { settledRows }) => sum + settledRows, 0);
    return { ...status, settledRows: status.settledRows + archived };
  }

  /** Why answers are without months that lie in the archive, in a sentence; none: they are whole. */
  missing(): readonly string[] {
    const last = this.#months.at(-1);
    if (!this.#isMissing || last === undefined) return [];
    const upTo = monthOf(last.from).name;
    if (this.#archive === null)
      return [`Months to ${upTo} lie in the archive at ${last.place} and are missing here: name it with --archive.`];
    return [`${this.#archive.trouble ?? ''} Months to ${upTo} are missing meanwhile.`.trim()];
  }

  /** Looks whether the newest archived month can be read. */
  async archive(): Promise<ArchiveState> {
    this.#look();
    const last = this.#months.at(-1);
    if (last === undefined) return { upTo: null, place: this.#archive?.name ?? null, trouble: null };
    const upTo = monthOf(last.from).name;
    if (this.#archive === null)
      return { upTo, place: null, trouble: `Months to ${upTo} lie in the archive at ${last.place}: name it with --archive.` };
    const [table] = ARCHIVED;
    if (table !== undefined) await this.#archive.rows(this.#of, last, table, []);
    const { trouble, name } = this.#archive;
    return { upTo, place: name, trouble: trouble === null ? null : `${trouble} Months to ${upTo} are missing meanwhile.` };
  }

  close(): void {
    this.#slice?.close();
    this.#live.close();
  }

  #range<T>(
    [id, from, to]: readonly [InstrumentId, number, number, ...unknown[]],
    tables: readonly string[],
    ask: (store: FactReads) => T,
    without?: (found: T, spans: readonly Span[]) => T,
  ): T | Promise<T> {
    return this.#across({ ids: [id], from, to, tables }, ask, without);
  }

  /** `without`: the answer of the database alone, of which these stretches (from, to] cannot be read. */
  #across<T>(
    wanted: Wanted,
    ask: (store: FactReads) => T,
    without: (found: T, spans: readonly Span[]) => T = (found) => found,
  ): T | Promise<T> {
    // Nothing so young is archived.
    if (wanted.from >= this.#now() - LIVE_MS) return ask(this.#live);
    if (this.#touched(wanted).length === 0) {
      const found = ask(this.#live);
      // Rows of a month that is not told of now were there before.
      this.#look();
      if (this.#touched(wanted).length === 0) return found;
    }
    return this.#joined(wanted, ask, without);
  }

  async #joined<T>(wanted: Wanted, ask: (store: FactReads) => T, without: (found: T, spans: readonly Span[]) => T): Promise<T> {
    for (;;) {
      const months = this.#touched(wanted);
      const archived = await this.#rows(months, wanted);
      if (archived === null) {
        this.#isMissing = true;
        const spans = months.map(({ from, to }) => ({ from: Math.max(from - 1, wanted.from), to: Math.min(to - 1, wanted.to) }));
        return without(ask(this.#live), spans);
      }
      const slice = this.#filled(wanted, months, archived);
      if (slice !== null) return ask(slice);
    }
  }

  /** Null: another month went into the archive meanwhile. */
  #filled({ ids, from, to, tables }: Wanted, months: readonly DroppedMonth[], archived: readonly ArchivedRows[]): Slice | null {
    const then = months.map(({ from: month, part }) => `${month} ${part}`).join();
    return this.#live.read(({ db }) => {
      this.#months = monthsIn(db);
      const now = this.#touched({ ids, from, to, tables });
      if (now.map(({ from: month, part }) => `${month} ${part}`).join() !== then) return null;
      this.#slice ??= new Slice(db, this.#now);
      // The hour before is looked at too where an interval may have changed.
      this.#slice.fill(db, { ids, from: from - HOUR_MS, to, archived, beside: tables.flatMap((table) => BESIDE[table] ?? []) });
      return this.#slice;
    });
  }

  /** Null: they cannot be read. */
  async #rows(months: readonly DroppedMonth[], { ids, tables }: Wanted): Promise<ArchivedRows[] | null> {
    if (this.#archive === null) return null;
    const found: ArchivedRows[] = [];
    for (const table of ARCHIVED.filter((one) => tables.includes(one.table)))
      for (const month of months) {
        const of = await this.#archive.rows(this.#of, month, table, ids);
        if (of === null) return null;
        found.push({ table, of });
      }
    return found;
  }

  /** What the newest archived rows up to `at` say of instruments of which the database has none. */
  async #newest<T>(
    missing: readonly InstrumentId[],
    at: number,
    tables: readonly string[],
    ask: (store: FactReads, ids: readonly InstrumentId[]) => T,
  ): Promise<T[]> {
    this.#look();
    const answers: T[] = [];
    let left = missing;
    for (const month of this.#touched({ ids: missing, from: -Infinity, to: at, tables }).toReversed()) {
      if (left.length === 0) break;
      const archived = await this.#rows([month], { ids: left, from: month.from, to: month.to, tables });
      if (archived === null) {
        this.#isMissing = true;
        break;
      }
      const has = (id: InstrumentId): boolean =>
        archived.some(({ table, of }) =>
          (of.get(id) ?? []).some((row) => Number(row[table.columns.findIndex(([name]) => name === table.time)]) <= at),
        );
      const some = left.filter(has);
      if (some.length === 0) continue;
      left = left.filter((id) => !some.includes(id));
      answers.push(
        this.#live.read(({ db }) => {
          this.#slice ??= new Slice(db, this.#now);
          this.#slice.fill(db, { ids: some, from: month.from, to: month.to, archived, beside: [] });
          return ask(this.#slice, some);
        }),
      );
    }
    return answers;
  }

  #touched({ from, to }: Wanted): readonly DroppedMonth[] {
    // The hour before is looked at too.
    return this.#months.filter((month) => month.to > from - HOUR_MS && month.from <= to);
  }

  #look(): void {
    this.#live.read(({ db }) => {
      this.#months = monthsIn(db);
      this.#of = metaOf(db, 'archive_of') ?? 0;
    });
  }
}

const monthsIn = (db: Parameters<typeof metaOf>[0]): DroppedMonth[] =>
  db
    .prepare<[], DroppedMonth>(
      'SELECT from_t AS "from", to_t AS "to", at, place, part, settled_rows AS settledRows FROM archived ORDER BY from_t',
    )
    .all();

function joined(a: BookColumns, b: BookColumns): BookColumns {
  const both = (name: keyof BookColumns): Float64Array => Float64Array.from([...a[name], ...b[name]]);
  return {
    at: both('at'),
    mid: both('mid'),
    bids: both('bids'),
    ends: Float64Array.from([...a.ends, ...b.ends.map((end) => end + a.levels.length)]),
    levels: both('levels'),
  };
}
