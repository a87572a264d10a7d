import type { HourColumns, InterestColumns, PriceColumns, SeenSettledColumns, SettledColumns, SnapshotColumns } from '#domain/columns.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import type { BackupsKept, HistoryLimits } from '../settings.ts';
import type { ImportBatch, ImportCounts, ImportedFile } from './import.ts';
import type { HourlyPrice, OrderRules, SettledRow } from '../venue.ts';
import type {
  Asked,
  BookColumns,
  BookRecord,
  FundingTerms,
  HistoryEvent,
  HistoryExcess,
  Latest,
  LateWords,
  LearntBy,
  LearntSince,
  NewestBooks,
  StoredOrderRules,
  PollOutcome,
  PollRecord,
  RateRanges,
  SeriesKind,
  SettledConflict,
  SettledOutcome,
  Stretches,
  StoreState,
  StoreStatus,
  Thinned,
} from './history-facts.ts';

/** Only what this machine had learnt by that moment (ms); null: all that it knows now. */
export type AsOf = number | null;

/** What was read, with the stretches of what was asked for of which retention deleted rows: nothing there does not mean that nothing was. */
export type Kept<T> = T & { readonly thinned: readonly Span[] };

/**
 * The local history. Every write is one transaction; reads return columns, ascending. Ranges are (from, to]. Every read takes the
 * moment as of which it is made (see AsOf): a value that was shown live then is what it gives.
 */
export interface HistoryStore {
  recordPoll(poll: PollRecord): Promise<PollOutcome>;
  /**
   * Rows of one instrument plus the span they prove (if any) but for the stretches in `open`; derives intervals, keeps the first
   * of two rates; of another interval, mark or premium the newest is the value. What lies between two rows further apart than their interval is not proven, nor a row without a mark or a
   * premium that rows before it have.
   */
  recordSettled(
    instrument: InstrumentId,
    rows: readonly SettledRow[],
    learntAt: number,
    proven: Span | null,
    open?: readonly Span[],
  ): Promise<SettledOutcome>;
  /** The first word of an hour stays beside each later one that differs; of those the newest is the value. */
  recordPrices(
    instrument: InstrumentId,
    rows: readonly HourlyPrice[],
    learntAt: number,
    proven: Span | null,
    open?: readonly Span[],
  ): Promise<void>;
  /** What was asked for and did not come, in the place of what was known before. */
  recordAsked(instrument: InstrumentId, kind: SeriesKind, asked: readonly Asked[], learntAt: number): Promise<void>;
  /** A fact worth keeping that is not a number: an outage, a gap, a refused value, an interval change. */
  recordEvent(event: HistoryEvent): Promise<void>;
  /** What its venue demands of orders: a version beside the one before, where it says otherwise. */
  recordOrderRules(instrument: InstrumentId, rules: OrderRules, learntAt: number): Promise<void>;
  /** Something collected all through the stretch: where nothing did, nothing can be there. */
  recordRun(span: Span): Promise<void>;
  /** Rows of a file, in one transaction: what is stored stays, and what the file says otherwise is kept beside it. A dry batch is only counted. */
  recordImport(batch: ImportBatch): Promise<ImportCounts>;
  /** One transaction a venue. Every book is kept for days, then the last one of each hour. */
  recordBooks(books: readonly BookRecord[]): Promise<void>;

  /** `ids`: of these alone. */
  instruments(asOf?: AsOf, ids?: readonly InstrumentId[] | null): Promise<Instrument[]>;
  latest(asOf?: AsOf, ids?: readonly InstrumentId[] | null): Promise<Latest[]>;
  /** `only`: these columns; the others are not read. */
  settled<K extends keyof SettledColumns = keyof SettledColumns>(
    instrument: InstrumentId,
    from: number,
    to: number,
    asOf?: AsOf,
    only?: readonly K[],
  ): Promise<Pick<SettledColumns, K>>;
  /** The same with the running rates that were seen before each: twice the work, for who asks of them. */
  settledSeen(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<SeenSettledColumns>;
  hours<K extends keyof HourColumns = keyof HourColumns>(
    instrument: InstrumentId,
    from: number,
    to: number,
    asOf?: AsOf,
    only?: readonly K[],
  ): Promise<Kept<Pick<HourColumns, K>>>;
  snapshots(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<Kept<SnapshotColumns>>;
  prices<K extends keyof PriceColumns = keyof PriceColumns>(
    instrument: InstrumentId,
    from: number,
    to: number,
    asOf?: AsOf,
    only?: readonly K[],
  ): Promise<Pick<PriceColumns, K>>;
  books(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<Kept<BookColumns>>;
  /** Every change of what polls stated as its interest, its largest and its least rate, oldest first. */
  terms(instrument: InstrumentId, asOf?: AsOf): Promise<FundingTerms[]>;
  /** Null: nothing of it was learnt. */
  orderRules(instrument: InstrumentId, asOf?: AsOf): Promise<StoredOrderRules | null>;
  /** Files of which rows are stored, the newest first. */
  imports(asOf?: AsOf): Promise<ImportedFile[]>;
  /** The last book up to `at`, however old, of each of these that has one. */
  newestBooks(ids: readonly InstrumentId[], at: number): Promise<NewestBooks>;
  /** Open interest that files told, in units of the price. */
  interest(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<InterestColumns>;
  events(from: number, to: number, asOf?: AsOf): Promise<HistoryEvent[]>;
  /** Settlements with keys in (from, to] that a venue told twice with different rates. */
  conflicts(from: number, to: number, asOf?: AsOf): Promise<SettledConflict[]>;
  /** What retention has deleted, in the order in which it did: the only deletion there is. */
  thinned(): Promise<Thinned[]>;
  /** Stretches in which something collected, ascending and merged; of before that was kept there are none. */
  runs(): Promise<Span[]>;
  /** Of each venue the ban that was recorded last, over or not. */
  bans(asOf?: AsOf): Promise<HistoryEvent[]>;
  /** Spans that are proven, ascending and merged. */
  spans(instrument: InstrumentId, kind: SeriesKind, asOf?: AsOf): Promise<Span[]>;
  /** What was asked for and did not come, ascending. */
  asked(instrument: InstrumentId, kind: SeriesKind, asOf?: AsOf): Promise<Asked[]>;
  /** Of these instruments' settlements in the stretch, how many were learnt after `at`. */
  learntBy(ids: readonly InstrumentId[], span: Span, at: number): Promise<LearntBy>;
  /** What `settledSeen`, `hours`, `prices` and `terms` say of many instruments over one short stretch, in one answer. */
  stretches(ids: readonly InstrumentId[], from: number, to: number, asOf?: AsOf): Promise<Stretches>;
  /** The least and the greatest running rate of these instruments over the hours that closed in (from, to]. */
  rateRanges(ids: readonly InstrumentId[], from: number, to: number, asOf?: AsOf): Promise<RateRanges>;
  /** By instrument: words of its past that came more than ten minutes after their time, or in the place of earlier ones. */
  lateWords(ids: readonly InstrumentId[]): Promise<LateWords[]>;
  /**
   * Which settlements and prices were learnt, told again otherwise or proven after an earlier question, whose mark is given (null: the
   * first question). Cheap: it reads what changed and nothing else.
   */
  learntSince(mark: number | null): Promise<LearntSince>;

  /** Every few seconds: puts right what happened to the files (deleted, replaced, held by another program), and says how they stand. */
  tend(): Promise<StoreState>;
  /** Moves hot rows to cold, drops snapshots past their 30 days once their hours are closed, thins old books, checkpoints. */
  maintain(now: number): Promise<void>;
  /** What the limits leave out: hour closes, the oldest first. */
  hoursBeyond(limits: HistoryLimits, now: number): Promise<HistoryExcess>;
  /** Deletes them and says what it was. */
  dropHoursBeyond(limits: HistoryLimits, now: number): Promise<HistoryExcess>;
  /** A backup of the whole folder where the newest is a day old, and those go that are not among the kept. `byHand`: one now. Its path, or null. */
  backUp(kept: BackupsKept, byHand?: boolean): Promise<string | null>;
  status(): Promise<StoreStatus>;
  /** Safe to call twice; resolves when everything is on disk and the lock is free. */
  close(): Promise<void>;
}
