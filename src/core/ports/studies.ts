import type { DecilesQuestion, DecilesReport } from '#bridge/deciles.ts';
import type { OccurrencesReport, StudyAnswerReport, StudyQuestion, StudyRule } from '#bridge/evidence.ts';
import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import type { Cancellation } from './clock.ts';

/** Which instruments, resolved: these; or all of a venue, or of all venues (null), delisted ones included. */
export type StudyInstruments = { readonly ids: readonly InstrumentId[] } | { readonly venue: VenueId | null };

/** What a study is over, and as of when. */
export interface StudiedSet {
  readonly on: StudyInstruments;
  /** What the set is called in the answer. */
  readonly source: string;
  /** What a metric over a basket compares each within; null: the set itself. */
  readonly among: readonly InstrumentId[] | null;
  /** The set was put together today. */
  readonly isChosen: boolean;
  /** Everything that is closed by then (the app's clock). */
  readonly now: number;
}

export interface StudyJob extends StudiedSet {
  /** A rule alone is counted: how often it would have told. A whole question is answered. */
  readonly question: StudyRule | StudyQuestion;
  /** How many tries this is, with those of before. */
  readonly tries: number;
  /** The newest of its events that are listed. */
  readonly mostEvents: number;
}

export interface DecilesJob extends StudiedSet {
  readonly question: DecilesQuestion;
}

export interface StudyResult {
  /** Null: the rule was only counted. */
  readonly report: StudyAnswerReport | null;
  readonly occurrences: OccurrencesReport;
}

/** How much is done, 0 to 1, and what is being done. */
export type SeeStudy = (share: number, doing: string) => void;

/** Looks back on rules over the stored history, where it holds nothing up. */
export interface Studies {
  /** Rejects with UserError where the question cannot be answered, and with StudyCancelled once it is cancelled. */
  run(job: StudyJob, see: SeeStudy, cancelled: Cancellation): Promise<StudyResult>;
  /** A sort into tenths; rejects as `run` does. */
  sort(job: DecilesJob, see: SeeStudy, cancelled: Cancellation): Promise<DecilesReport>;
  close(): Promise<void>;
}

export class StudyCancelled extends Error {
  constructor() {
    super('the study was cancelled');
    this.name = 'StudyCancelled';
  }
}
