import { refusalOf } from '#domain/bounds.ts';
import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import type { Journal } from '../journal.ts';
import type { Market, MarketChange } from '../watch/market.ts';
import type { HistoryStore } from '../ports.ts';
import type { MarketPoll, RefusedRow, Snapshot, Venue } from '../venue.ts';

/** Distinct refusals that become events of the history in one run; the rest is counted only. */
const MAX_REFUSAL_EVENTS = 500;

export interface Recorder {
  /** Checks, stores (one transaction), then takes the poll over into memory: what is shown is stored. */
  record(venue: Venue, poll: MarketPoll, observedAt: number, pollMs: number): Promise<MarketChange>;
  /** Lets the store look after its files; resolves to what it has to say. */
  tend(): Promise<readonly string[]>;
  /** Rows left out so far. */
  refused(venue: VenueId): number;
  /** Counts, logs and keeps rows that were left out. */
  refuse(venue: VenueId, rows: readonly RefusedRow[], at: number): void;
}

export interface RecorderOptions {
  readonly store: HistoryStore;
  readonly market: Market;
  readonly journal: Journal;
  readonly watched: () => ReadonlySet<InstrumentId>;
  /** Another file took the place of the one that was written before. */
  readonly onReplaced: () => void;
}

export function createRecorder({ store, market, journal, watched, onReplaced }: RecorderOptions): Recorder {
  /** A store begins with file 0. */
  let file = 0;
  const refused = new Map<VenueId, number>();
  const told = new Set<string>();

  function isIn(now: number): void {
    if (now === file) return;
    file = now;
    onReplaced();
  }

  function refuse(venue: VenueId, rows: readonly RefusedRow[], at: number): void {
    if (rows.length === 0) return;
    refused.set(venue, (refused.get(venue) ?? 0) + rows.length);
    for (const { symbol, reason } of rows) {
      const id = `${venue}:${symbol}`;
      // The reason holds the value, which differs from poll to poll: one event per instrument and first word is enough.
      const key = `${id} ${reason.split(' ', 1)[0] ?? ''}`;
      if (told.has(key) || told.size >= MAX_REFUSAL_EVENTS) continue;
      told.add(key);
      journal.event({ at, kind: 'refused', venue, instrument: id, text: reason });
    }
  }

  return {
    async record(venue, poll, observedAt, pollMs) {
      const good: Snapshot[] = [];
      const bad: RefusedRow[] = [...poll.refused];
      for (const snapshot of poll.snapshots) {
        const reason = refusalOf({ ...snapshot, time: observedAt }, observedAt);
        if (reason === null) good.push(snapshot);
        else bad.push({ symbol: snapshot.symbol, reason });
      }
      refuse(venue.id, bad, observedAt);
      const clean: MarketPoll = { ...poll, snapshots: good };
      const change = market.compare(venue.id, clean);
      const { instruments, snapshots } = clean;
      let into = file;
      await journal.guard('record a poll', async () => {
        into = await store.recordPoll({ venue: venue.id, observedAt, pollMs, instruments, snapshots, watched: watched() });
      });
      isIn(into);
      market.apply(venue.id, clean, observedAt);
      for (const { instrument, from, to } of change.intervals) {
        const text = `settles every ${to} h from now on (before: ${from} h)`;
        journal.event({ at: observedAt, kind: 'interval', venue: venue.id, instrument: instrument.id, text });
      }
      for (const instrument of change.delisted) {
        journal.event({
          at: observedAt,
          kind: 'delisted',
          venue: venue.id,
          instrument: instrument.id,
          text: `${venue.name} lists it no longer`,
        });
      }
      return change;
    },
    async tend() {
      const state = await store.tend();
      isIn(state.file);
      return state.notices;
    },
    refused: (venue) => refused.get(venue) ?? 0,
    refuse,
  };
}
