import { refusalOf } from '#domain/bounds.ts';
import { DEAD_MS } from '#domain/freshness.ts';
import { type Instrument, type InstrumentId, instrumentId, type VenueId } from '#domain/instrument.ts';
import { disagreement } from '../interval-words.ts';
import { createIntervals, type Intervals } from './intervals.ts';
import type { Reporter } from '../reporter.ts';
import { isNewer, type Listings, type ListingsChange } from '../listings.ts';
import type { PollOutcome } from '../ports/history-facts.ts';
import type { HistoryStore } from '../ports/history.ts';
import { type VenuePoll, type RefusedRow, type Snapshot, type Venue, withoutFlaws } from '../venue.ts';
import { createJumps } from './jumps.ts';
import { createRefusals } from './refusals.ts';

export interface Recorder {
  /** Checks, stores (one transaction), then takes the poll over into memory: what is shown is stored. */
  record(venue: Venue, poll: VenuePoll, observedAt: number, pollMs: number): Promise<ListingsChange>;
  /** Keeps an instrument that no poll has told of. Rejects where it cannot be stored. */
  introduce(instrument: Instrument, at: number, pollMs: number): Promise<void>;
  /** Lets the store look after its files; resolves to what it has to say. */
  tend(): Promise<readonly string[]>;
  /** Rows left out so far. */
  refused(venue: VenueId): number;
  /** Which rows, the newest first, each instrument and kind of reason once, and no more than a screen holds. */
  refusals(venue: VenueId): readonly RefusedRow[];
  /** Counts, logs and keeps rows that were left out. */
  refuse(venue: VenueId, rows: readonly RefusedRow[], at: number): void;
  /** What is known of settlements besides what polls announce. */
  readonly intervals: Pick<Intervals, 'settled' | 'load'>;
}

export interface RecorderOptions {
  readonly store: HistoryStore;
  readonly listings: Listings;
  readonly reporter: Reporter;
  readonly watched: () => ReadonlySet<InstrumentId>;
  /** Its rate is quoted for hours that are no distance of settlements: these do not tell against it. */
  readonly accrues: (venue: VenueId) => boolean;
  /** Another file took the place of the one that was written before. */
  readonly onReplaced: () => void;
}

export function createRecorder({ store, listings, reporter, watched, accrues, onReplaced }: RecorderOptions): Recorder {
  /** A store begins with file 0. */
  let file = 0;
  const refused = new Map<VenueId, number>();
  const told = createRefusals();
  const jumps = createJumps();
  const intervals = createIntervals();

  function isIn(now: number): void {
    if (now === file) return;
    file = now;
    onReplaced();
  }

  function refuse(venue: VenueId, rows: readonly RefusedRow[], at: number): void {
    if (rows.length === 0) return;
    refused.set(venue, (refused.get(venue) ?? 0) + rows.length);
    for (const row of rows)
      if (told.add(venue, row))
        reporter.event({ at, kind: 'refused', venue, instrument: instrumentId(venue, row.symbol), text: row.reason });
  }

  /** What may be stored and shown of an answer, and what may not. */
  function sift(venue: VenueId, poll: VenuePoll, observedAt: number): { snapshots: Snapshot[]; bad: RefusedRow[] } {
    const snapshots: Snapshot[] = [];
    const bad: RefusedRow[] = [];
    for (const polled of poll.snapshots) {
      const { symbol } = polled;
      const id = instrumentId(venue, symbol);
      const said = accrues(venue) ? polled : intervals.inForce(id, polled, observedAt - (polled.ageMs ?? 0));
      const { kept, reasons } = withoutFlaws(said);
      // Its amounts are judged above.
      const reason = refusalOf({ rate: kept.rate, intervalH: kept.intervalH, time: observedAt }, observedAt);
      if (reason !== null) {
        bad.push({ symbol, reason });
        continue;
      }
      const known = listings.get(id);
      const sound = isNewer(known, kept, observedAt) ? jumps.check(id, kept, known?.snapshot ?? null) : { snapshot: kept, reasons: [] };
      snapshots.push(sound.snapshot);
      bad.push(...[...reasons, ...sound.reasons].map((flaw) => ({ symbol, reason: flaw })));
    }
    return { snapshots, bad };
  }

  return {
    async record(venue, poll, observedAt, pollMs) {
      const { snapshots, bad } = sift(venue.id, poll, observedAt);
      const clean: VenuePoll = { ...poll, snapshots, refused: [...poll.refused, ...bad] };
      const change = listings.compare(venue.id, clean, observedAt);
      // A row that was dead when it came, or that says again what is known, is shown with its age and is no observation.
      const observed = snapshots.filter(
        (one) => (one.ageMs ?? 0) <= DEAD_MS && isNewer(listings.get(instrumentId(venue.id, one.symbol)), one, observedAt),
      );
      let outcome: PollOutcome = { file, refused: [] };
      await reporter.guard(`record a poll of ${venue.name}`, async () => {
        outcome = await store.recordPoll({
          venue: venue.id,
          observedAt,
          pollMs,
          instruments: poll.instruments,
          snapshots: observed,
          watched: watched(),
          delisted: change.delisted.map(({ id }) => id),
        });
      });
      isIn(outcome.file);
      refuse(venue.id, [...clean.refused, ...outcome.refused], observedAt);
      const unstorable = new Set(outcome.refused.map(({ symbol }) => symbol));
      const kept = {
        ...clean,
        snapshots: snapshots.filter(({ symbol }) => !unstorable.has(symbol)),
        refused: [...clean.refused, ...outcome.refused],
      };
      const doubted = kept.snapshots.filter(({ symbol, statedH, aheadH }) => {
        const before = listings.get(instrumentId(venue.id, symbol))?.snapshot;
        return (statedH !== undefined && statedH !== before?.statedH) || (aheadH !== undefined && aheadH !== before?.aheadH);
      });
      listings.apply(venue.id, kept, observedAt, change);
      for (const snapshot of doubted) {
        const id = instrumentId(venue.id, snapshot.symbol);
        reporter.event({
          at: observedAt,
          kind: 'interval',
          venue: venue.id,
          instrument: id,
          text: disagreement(venue.name, snapshot) ?? '',
        });
      }
      for (const { instrument, from, to } of change.intervals) {
        const text = `settles every ${to} h from now on (before: ${from} h)`;
        reporter.event({ at: observedAt, kind: 'interval', venue: venue.id, instrument: instrument.id, text });
      }
      for (const instrument of change.delisted) {
        reporter.event({
          at: observedAt,
          kind: 'delisted',
          venue: venue.id,
          instrument: instrument.id,
          text: `${venue.name} lists it no longer`,
        });
      }
      return change;
    },
    async introduce(instrument, at, pollMs) {
      const { venue } = instrument;
      const nothing = { snapshots: [], delisted: [] };
      isIn((await store.recordPoll({ venue, observedAt: at, pollMs, instruments: [instrument], ...nothing, watched: watched() })).file);
      listings.introduce(instrument);
    },
    async tend() {
      const state = await store.tend();
      isIn(state.file);
      return state.notices;
    },
    refused: (venue) => refused.get(venue) ?? 0,
    refusals: (venue) => told.newest(venue),
    refuse,
    intervals,
  };
}
