import type { SeriesKind } from '#core/ports/history-facts.ts';
import type { AsOf, HistoryStore } from '#core/ports/history.ts';
import type { HourColumns, PriceColumns, SettledColumns } from '#domain/columns.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import { readBooks } from './books.ts';
import { readImports, readInterest } from './imported.ts';
import { readOrderRules } from './order-rules.ts';
import type { Parts } from './parts.ts';
import { readRuns } from './runs.ts';

/** The same store without the promises: what the worker calls. */
export type Synchronous<T> = {
  [K in keyof T]: T[K] extends (...input: infer I) => Promise<infer O> ? (...input: I) => O : never;
};

type Range = [instrument: InstrumentId, from: number, to: number, asOf?: AsOf];
/** `only`: these columns. */
type Only<C> = [instrument: InstrumentId, from: number, to: number, asOf?: AsOf, only?: readonly (keyof C)[]];
type Stretch = [ids: readonly InstrumentId[], from: number, to: number, asOf?: AsOf];
type Ids = [asOf?: AsOf, ids?: readonly InstrumentId[] | null];
type OfKind = [instrument: InstrumentId, kind: SeriesKind, asOf?: AsOf];

/** What facts can be asked, whatever database holds them. */
export type FactsAsked = Omit<
  HistoryStore,
  `record${string}` | 'tend' | 'maintain' | 'hoursBeyond' | 'dropHoursBeyond' | 'backUp' | 'status' | 'close'
>;

/** Reads of facts: one set of statements for every database. */
export abstract class FactReads implements Synchronous<FactsAsked> {
  /** Runs on the open database; what goes wrong comes as a HistoryError. */
  protected abstract run<T>(work: (parts: Pick<Parts, 'db' | 'reader'>) => T): T;
  protected abstract now(): number;

  instruments = (...input: Ids) => this.run(({ reader }) => reader.instruments(...input));
  latest = (...input: Ids) => this.run(({ reader }) => reader.latest(...input));
  settled = (...range: Only<SettledColumns>) => this.run(({ reader }) => reader.settled(...range));
  settledSeen = (...range: Range) => this.run(({ reader }) => reader.settledSeen(...range));
  hours = (...[instrument, from, to, asOf = null, only]: Only<HourColumns>) =>
    this.run(({ reader }) => reader.hours(instrument, from, to, asOf, this.now(), only));
  snapshots = (...range: Range) => this.run(({ reader }) => reader.snapshots(...range));
  prices = (...range: Only<PriceColumns>) => this.run(({ reader }) => reader.prices(...range));
  books = (...range: Range) => this.run(({ db }) => readBooks(db, ...range));
  imports = (asOf: AsOf = null) => this.run(({ db }) => readImports(db, asOf));
  interest = (...[instrument, from, to, asOf = null]: Range) => this.run(({ db }) => readInterest(db, instrument, from, to, asOf));
  events = (from: number, to: number, asOf: AsOf = null) => this.run(({ reader }) => reader.events(from, to, asOf));
  conflicts = (from: number, to: number, asOf: AsOf = null) => this.run(({ reader }) => reader.conflicts(from, to, asOf));
  thinned = () => this.run(({ reader }) => reader.thinned());
  spans = (...input: OfKind) => this.run(({ reader }) => reader.spans(...input));
  terms = (instrument: InstrumentId, asOf: AsOf = null) => this.run(({ reader }) => reader.terms(instrument, asOf));
  orderRules = (instrument: InstrumentId, asOf: AsOf = null) => this.run(({ db }) => readOrderRules(db, instrument, asOf));
  runs = () => this.run(({ db }) => readRuns(db));
  bans = (asOf?: AsOf) => this.run(({ reader }) => reader.bans(asOf));
  asked = (...input: OfKind) => this.run(({ reader }) => reader.asked(...input));
  newestBooks = (ids: readonly InstrumentId[], at: number) => this.run(({ reader }) => reader.newestBooks(ids, at));
  learntBy = (ids: readonly InstrumentId[], span: Span, at: number) => this.run(({ reader }) => reader.learntBy(ids, span, at));
  stretches = (...[ids, from, to, asOf = null]: Stretch) => this.run(({ reader }) => reader.stretches(ids, from, to, asOf, this.now()));
  rateRanges = (...[ids, from, to, asOf = null]: Stretch) => this.run(({ reader }) => reader.rateRanges(ids, from, to, asOf, this.now()));
  lateWords = (ids: readonly InstrumentId[]) => this.run(({ reader }) => ids.map(reader.lateWords));
  learntSince = (mark: number | null) => this.run(({ reader }) => reader.learntSince(mark));
}
