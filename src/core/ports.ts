import type { HourColumns, PriceColumns, SettledColumns, SnapshotColumns } from '#domain/columns.ts';
import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import type { FundingCap } from '#domain/metrics/frames/frames.ts';
import type { Span } from '#domain/time.ts';
import type { WindowId, Workspace } from '#bridge/workspace.ts';
import type { HistoryLimits, PersonFacts, Preferences, Settings } from './settings.ts';
import type { HourlyPrice, InstrumentRules, RefusedRow, Snapshot, SettledRow } from './venue.ts';

/** What stops work in flight; an AbortSignal satisfies it. */
export interface Cancellation {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A cancellation that core makes itself; an AbortController satisfies it. */
export interface Canceller {
  readonly signal: Cancellation;
  abort(): void;
}

export type Cancel = () => void;

/** Time. In the demo it runs faster; nothing in domain or core reads any other clock. */
export interface Clock {
  /** Wall time, UTC epoch ms. */
  now(): number;
  /** Monotonic ms; counts at the clock's speed and does not jump when the wall clock is set. */
  monotonic(): number;
  /** Clock milliseconds per real millisecond: 1 live, `--demo-speed` in the demo. */
  readonly speed: number;
  /** Runs `fn` once after `delayMs` of this clock. */
  after(delayMs: number, fn: () => void): Cancel;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Real milliseconds for everything: connection, headers and the last byte of the body. */
  readonly deadlineMs: number;
  /** Refused beyond this many bytes after decompression. */
  readonly maxBytes: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** 'outside': the address lies beyond this machine, where the demo and the tests ask nothing. */
export type HttpFailure = 'timeout' | 'network' | 'too-large' | 'cancelled' | 'outside';

/** Any status resolves; HttpError (see venue-error.ts) only when there is no whole answer. */
export interface Http {
  request(request: HttpRequest, signal?: Cancellation): Promise<HttpResponse>;
}

export interface Log {
  write(level: 'debug' | 'info' | 'warn' | 'error', area: string, message: string, detail?: Readonly<Record<string, unknown>>): void;
}

/** One entry of a signal into *active*, told to the person outside the window. */
export interface Notification {
  readonly title: string;
  readonly body: string;
  readonly instrument: InstrumentId;
}

export interface Notifier {
  notify(notification: Notification): void;
}

/** What is read once, validated field by field, and kept whole. */
interface KeptStore<T> {
  /** As read, with what had to be put right in words for the person. */
  readonly current: T;
  readonly notices: readonly string[];
  /** Keeps the new value; it is written soon. */
  update(change: (before: T) => T): T;
  /** Resolves when everything updated so far is on disk; rejects where it cannot be. */
  flush(): Promise<void>;
}

/** What each window shows, kept beside the settings; nothing of it decides what any number is. */
export interface WorkspaceStore {
  /** Sentences for the person about the file. */
  readonly notices: readonly string[];
  /** As it was kept; of a window that was never seen a copy of the one used last. */
  get(window: WindowId): Workspace;
  /** Written atomically and debounced. */
  keep(window: WindowId, workspace: Workspace): void;
}

/** What settings.json holds; written atomically and debounced. */
export type PreferencesStore = KeptStore<Preferences>;
/** Both as the core sees them: settings.json and what the person's file says now. */
export type SettingsStore = KeptStore<Settings>;

/** What the person said of one thing; a null body: it is deleted. */
export interface Fact {
  readonly kind: string;
  readonly id: string;
  readonly body: string | null;
}

/** What a terminal asks of the collector beside it. It holds for `REQUEST_MS` after it was said last. */
export interface WatchRequest {
  /** To be watched. */
  readonly watch: readonly InstrumentId[];
  /** Of those: a person looks at these, and their history is wanted before that of the others. */
  readonly first: readonly InstrumentId[];
  /** A person plans with these: their order books and order rules are wanted at once, and fresh. */
  readonly plan: readonly InstrumentId[];
}

/** A request that was not renewed for so long (real ms) has ended: its terminal is gone. */
export const REQUEST_MS = 60_000;

/**
 * The person's file: lists, thresholds and rules, each with every version of before, scenarios, and the logs of what entered.
 * Every write is one transaction. Reads take `asOf`: null is now, a moment (this machine's time) is what was known then.
 */
export interface PersonStore extends KeptStore<PersonFacts> {
  at(asOf: number): Promise<PersonFacts>;
  /**
   * False where this entry is there, or another one of its run: of the same threshold, since `startedAt`. Then that stays, and
   * nothing is written.
   */
  recordSignal(entry: SignalEntryRecord, startedAt: number): Promise<boolean>;
  /** Keeps a scenario as the newest version of itself; null: it is deleted. */
  recordScenario(id: string, record: Omit<ScenarioRecord, 'id'> | null): Promise<void>;
  /** False where an entry of the same rule and instrument with a time in `run` is there: then it stays, and nothing is written. */
  recordAlert(alert: AlertRecord, run: Span): Promise<boolean>;
  /** Beside a collector: what is asked of it from now on, in the place of what was; null: nothing any more. */
  askCollector(request: WatchRequest | null): Promise<void>;
  /** (from, to], oldest first. */
  signals(instrument: InstrumentId, from: number, to: number, asOf: number | null): Promise<SignalEntryRecord[]>;
  /** Oldest first. */
  scenarios(asOf: number | null): Promise<ScenarioRecord[]>;
  /** Newest first. */
  alerts(limit: number, asOf: number | null): Promise<AlertRecord[]>;
  /** Every few seconds: puts right what happened to the file. True: `current` is another now, as a file that could not be read before is read. */
  tend(): Promise<boolean>;
  /** Safe to call twice; resolves when everything is on disk and the lock is free. */
  close(): Promise<void>;
}

/** One venue's poll, recorded in one transaction; a row that cannot be stored costs itself. */
export interface PollRecord {
  readonly venue: VenueId;
  /** This machine's (venue-corrected) time of the answer. */
  readonly observedAt: number;
  /** The venue's poll interval: the observation is held to the next one, at most 3 of these (premium and coverage of the hour). */
  readonly pollMs: number;
  readonly instruments: readonly Instrument[];
  readonly snapshots: readonly Snapshot[];
  /** Instruments of which every snapshot is kept; of the others only the hour's close. */
  readonly watched: ReadonlySet<InstrumentId>;
  /** Instruments that the venue lists no longer, from this poll on. */
  readonly delisted?: readonly InstrumentId[];
}

export interface PollOutcome {
  /** The number of the file that holds it: another number means that another file, with what is proven in it, took its place. */
  readonly file: number;
  /** Rows that could not be stored; the others are. */
  readonly refused: readonly RefusedRow[];
}

export interface SettledOutcome {
  readonly inserted: number;
  readonly known: number;
  /** Same key, different rate: the first stays, the other is in the conflict log. */
  readonly conflicts: number;
}

/** The newest observation of an instrument, with what is known of its current hour. */
export interface Latest {
  readonly instrument: Instrument;
  readonly snapshot: Snapshot;
  readonly observedAt: number;
  /** Its venue listed it no longer after that. */
  readonly delisted: boolean;
  /** As of a moment of the past: newer polls may have been known then, and retention deleted them. */
  readonly thinned: boolean;
}

/** Only what this machine had learnt by that moment (ms); null: all that it knows now. */
export type AsOf = number | null;

/** What a venue stated at `from` and after, one per change: cap and floor per paid interval, interest per 8 h; null: it stated none. */
export interface FundingTerms extends FundingCap {
  readonly interestPer8h: number | null;
}

export type SeriesKind = 'settled' | 'price';

/** A stretch (from, to] that was asked for, first at `since` and last at `at`, and did not come. */
export interface Asked extends Span {
  readonly at: number;
  readonly since: number;
}

export interface SignalEntryRecord {
  readonly instrument: InstrumentId;
  readonly at: number;
  readonly side: 1 | -1;
  readonly d: number;
  readonly theta: number;
  readonly k: number;
  readonly n: number;
  /** Distinct observations behind the k periods and how many of them were running ones. */
  readonly observations: number;
  readonly running: number;
}

/** What a person keeps by name, as text that only the core reads. */
export interface ScenarioRecord {
  readonly id: string;
  readonly savedAt: number;
  readonly body: string;
}

/** An alert that entered; the body is text that only the core reads. */
export interface AlertRecord {
  readonly rule: string;
  readonly instrument: InstrumentId;
  readonly at: number;
  /** It was told when it happened; else it is history only. */
  readonly told: boolean;
  readonly body: string;
}

/** An order book as recorded: distance from mid (share) and quote money by turns, ascending (see book-ladder.ts). */
export interface BookRecord {
  readonly instrument: InstrumentId;
  readonly at: number;
  readonly mid: number;
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

/** Recorded books of one instrument: levels of all rows behind each other, the bids of a row before its asks. */
export interface BookColumns {
  readonly at: Float64Array;
  readonly mid: Float64Array;
  /** Bid levels of the row. */
  readonly bids: Float64Array;
  /** Where the row ends in `levels`. */
  readonly ends: Float64Array;
  readonly levels: Float64Array;
}

/** A venue told another rate of a settlement than it had told first: `rate` stays the value, `otherRate` was learnt at `learntAt`. */
export interface SettledConflict {
  readonly instrument: InstrumentId;
  readonly key: number;
  readonly rate: number;
  readonly otherRate: number;
  readonly otherStamp: number;
  readonly learntAt: number;
}

/** What retention deleted at `at`: rows with times in [from, to]. Nothing of them can be read as of any moment. */
export interface Thinned extends Span {
  readonly what: 'snapshots' | 'books' | 'hours';
  readonly at: number;
}

/** What a venue demands of orders, and when it was first heard to say so. */
export interface OrderRules {
  readonly rules: InstrumentRules;
  readonly learntAt: number;
}

/** Of an instrument, rows, later words of them or proven stretches were learnt; the least time of them is `from`. */
export interface LearntChange {
  readonly instrument: InstrumentId;
  readonly kind: SeriesKind;
  readonly from: number;
}

export interface LearntSince {
  /** The mark for the next look. */
  readonly upTo: number;
  /** One per instrument and kind; null where it is not known what changed: then anything may have. */
  readonly changes: readonly LearntChange[] | null;
}

/** What was read, with the stretches of what was asked for of which retention deleted rows: nothing there does not mean that nothing was. */
export type Kept<T> = T & { readonly thinned: readonly Span[] };

/** `bytes` is about what their rows take. */
export interface HistoryExcess {
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly bytes: number;
}

export interface StoreStatus {
  readonly bytes: number;
  /** Of those: what deleted rows left, used again before the file grows. */
  readonly reusableBytes: number;
  readonly walBytes: number;
  readonly settledRows: number;
  /** What is wrong with the files now, and what happened to them in this run, in words for the person. */
  readonly notices: readonly string[];
}

export interface StoreState {
  /** The number of the file that is open: another number means that another file took its place. */
  readonly file: number;
  /** As in StoreStatus. */
  readonly notices: readonly string[];
}

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
  recordOrderRules(instrument: InstrumentId, rules: InstrumentRules, learntAt: number): Promise<void>;
  /** One transaction. Every book is kept for days, then the last one of each hour. */
  recordBooks(books: readonly BookRecord[]): Promise<void>;

  instruments(asOf?: AsOf): Promise<Instrument[]>;
  latest(asOf?: AsOf): Promise<Latest[]>;
  settled(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<SettledColumns>;
  hours(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<Kept<HourColumns>>;
  snapshots(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<Kept<SnapshotColumns>>;
  prices(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<PriceColumns>;
  books(instrument: InstrumentId, from: number, to: number, asOf?: AsOf): Promise<Kept<BookColumns>>;
  /** Every change of what polls stated as its interest, its largest and its least rate, oldest first. */
  terms(instrument: InstrumentId, asOf?: AsOf): Promise<FundingTerms[]>;
  /** Null: nothing of it was learnt. */
  orderRules(instrument: InstrumentId, asOf?: AsOf): Promise<OrderRules | null>;
  events(from: number, to: number, asOf?: AsOf): Promise<HistoryEvent[]>;
  /** Settlements with keys in (from, to] that a venue told twice with different rates. */
  conflicts(from: number, to: number, asOf?: AsOf): Promise<SettledConflict[]>;
  /** What retention has deleted, in the order in which it did: the only deletion there is. */
  thinned(): Promise<Thinned[]>;
  /** Of each venue the ban that was recorded last, over or not. */
  bans(): Promise<HistoryEvent[]>;
  /** Spans that are proven, ascending and merged. */
  spans(instrument: InstrumentId, kind: SeriesKind, asOf?: AsOf): Promise<Span[]>;
  /** What was asked for and did not come, ascending. */
  asked(instrument: InstrumentId, kind: SeriesKind, asOf?: AsOf): Promise<Asked[]>;
  /**
   * Which settlements and prices were learnt, told again otherwise or proven after an earlier look, whose mark is given (null: the
   * first look). Cheap: it reads what changed and nothing else.
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
  status(): Promise<StoreStatus>;
  /** Safe to call twice; resolves when everything is on disk and the lock is free. */
  close(): Promise<void>;
}

/** Units of one of a host's limits (see RateLimit) that were spent about `at` (wall). */
export interface Spending {
  readonly bucket: string;
  readonly at: number;
  readonly units: number;
}

/** What was spent of the limits of exchange hosts, remembered beyond a run, also one that is killed. Synchronous, and never throws. */
export interface SpendingBooks {
  /** Null: the book cannot be read, and anything may have been spent. */
  spent(host: string): readonly Spending[] | null;
  /** Takes the place of what was kept of the host; a kill does not undo it. Where it cannot be written, the run goes on without. */
  keep(host: string, spent: readonly Spending[]): void;
}

/** A 'ban' stands at the time it ends: until then the venue is not asked, also after a restart. The one recorded last holds. */
export type EventKind = 'outage' | 'recovered' | 'ban' | 'hole' | 'interval' | 'refused' | 'conflict' | 'delisted' | 'sleep';

export interface HistoryEvent {
  readonly at: number;
  readonly kind: EventKind;
  readonly venue: VenueId;
  readonly instrument: InstrumentId | null;
  readonly text: string;
}

export interface Ports {
  readonly clock: Clock;
  readonly http: Http;
  readonly store: HistoryStore;
  readonly settings: PreferencesStore;
  readonly person: PersonStore;
  readonly workspaces: WorkspaceStore;
  readonly spending: SpendingBooks;
  readonly notifier: Notifier;
  readonly log: Log;
  /** Uniform in [0, 1): jitter only. */
  random(): number;
  newCanceller(): Canceller;
  /** Resolves once everything else that waits for the thread has had its go: for maths in slices. */
  nextTurn(): Promise<void>;
}
