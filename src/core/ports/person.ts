import type { InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import type { PersonFacts } from '../settings.ts';
import type { Notification } from './notifier.ts';
import type { KeptStore } from './preferences.ts';

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

/** Words for what entered, by the name of the entry: kept with it until they are told. */
export interface Owed {
  readonly name: string;
  readonly text: Notification;
}

/** What was told and is to be posted to the webhook. */
export interface Post {
  readonly id: string;
  /** When it was told. */
  readonly at: number;
  readonly text: Notification;
  /** How often that has failed. */
  readonly tries: number;
}

/** What waits to be posted. */
export interface Posts {
  readonly total: number;
  /** Those of which a try has failed. */
  readonly failing: number;
  /** Of those that are due the one that was tried the least, and told first; null: none is due. */
  readonly due: Post | null;
  /** When the next one is due; null: none waits. */
  readonly nextAt: number | null;
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
   * nothing is written. What is `owed` is kept in the same transaction, here and below.
   */
  recordSignal(entry: SignalEntryRecord, startedAt: number, owed?: Owed | null): Promise<boolean>;
  /** Keeps a scenario as the newest version of itself; null: it is deleted. */
  recordScenario(id: string, record: Omit<ScenarioRecord, 'id'> | null, owed?: Owed | null): Promise<void>;
  /** False where an entry of the same rule and instrument with a time in `run` is there: then it stays, and nothing is written. */
  recordAlert(alert: AlertRecord, run: Span, owed?: Owed | null): Promise<boolean>;
  /** What is kept and not told yet, oldest first, and since when (this machine's time). */
  owed(): Promise<(Owed & { readonly since: number })[]>;
  /** These are told: they are owed no longer. What is to be posted of it waits from the same transaction on. */
  paid(names: readonly string[], post?: readonly Notification[]): Promise<void>;
  /** As of `now`; what is put off beyond `latest` was so by a clock that was set back, and is due. */
  posts(now: number, latest: number): Promise<Posts>;
  /** It waits no longer. */
  posted(id: string): Promise<void>;
  /** A try has failed: the next one comes then. */
  putOff(id: string, nextAt: number): Promise<void>;
  /** What was put off is due: it may go another way now. */
  hurry(): Promise<void>;
  /** Beside a collector: what is asked of it from now on, in the place of what was; null: nothing any more. */
  askCollector(request: WatchRequest | null): Promise<void>;
  /** (from, to], oldest first. */
  signals(instrument: InstrumentId, from: number, to: number, asOf: number | null): Promise<SignalEntryRecord[]>;
  /** Of all instruments, newest first. */
  signalLog(limit: number, asOf: number | null): Promise<SignalEntryRecord[]>;
  /** What was said last of each thing of a kind, oldest first. */
  facts(kind: string): Promise<Fact[]>;
  /** New words, in one transaction; a null body deletes. Of the kinds in force (lists, thresholds, rules) `update` is the way. */
  recordFacts(facts: readonly Fact[]): Promise<void>;
  /** Oldest first. */
  scenarios(asOf: number | null): Promise<ScenarioRecord[]>;
  /** Newest first. */
  alerts(limit: number, asOf: number | null): Promise<AlertRecord[]>;
  /** Of each rule and instrument the newest entry that was told, the newest that was not, and the newest that the person has seen. */
  newestAlerts(): Promise<AlertRecord[]>;
  /** The person has seen these. */
  acknowledge(entries: readonly Pick<AlertRecord, 'rule' | 'instrument' | 'at'>[]): Promise<void>;
  /** Since it was asked last another process has written the file: one that tells in the place of this one. */
  othersWrote(): Promise<boolean>;
  /** Every few seconds: puts right what happened to the file. True: `current` is another now, as a file that could not be read before is read. */
  tend(): Promise<boolean>;
  /** Safe to call twice; resolves when everything is on disk and the lock is free. */
  close(): Promise<void>;
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
  /** Absent: the person has not said that they had seen it. */
  readonly acknowledgedAt?: number;
}
