import type { Asked, BookRecord, HistoryEvent, PollOutcome, PollRecord, SeriesKind, SettledOutcome } from '#core/ports/history-facts.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { ImportBatch, ImportCounts } from '#core/ports/import.ts';
import type { Log } from '#core/ports/log.ts';
import type { HourlyPrice, OrderRules, SettledRow } from '#core/venue.ts';
import { type InstrumentId, type VenueId, venueOf } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import { writeBooks } from './books.ts';
import { checkSpan, time } from './checks.ts';
import { FactReads, type FactsAsked, type Synchronous } from './fact-reads.ts';
import { importBatch } from './imported.ts';
import { writeOrderRules } from './order-rules.ts';
import type { Parts } from './parts.ts';

type FactsWritten = Pick<HistoryStore, Extract<keyof HistoryStore, `record${string}`>>;

/** Reads and writes of facts: one set of rules for every database. */
export abstract class FactStore extends FactReads implements Synchronous<FactsAsked & FactsWritten> {
  protected abstract readonly log: Log;

  /** `of`: the venue whose facts are written; none: they are of no one venue. */
  protected abstract override run<T>(work: (parts: Parts) => T, of?: VenueId): T;

  abstract recordPoll(poll: PollRecord): PollOutcome;

  recordSettled(
    instrument: InstrumentId,
    rows: readonly SettledRow[],
    learntAt: number,
    proven: Span | null,
    open: readonly Span[] = [],
  ): SettledOutcome {
    const { inserted, known, conflicts } = this.run(
      ({ polls, settled }) => settled.record(polls.numberOf(instrument), instrument, rows, learntAt, { proven, open }),
      venueOf(instrument),
    );
    const outcome = { inserted, known, conflicts };
    if (conflicts > 0)
      this.log.write('warn', 'history', 'a settled rate differs from the stored one; the first stays', { instrument, ...outcome });
    return outcome;
  }

  recordPrices(
    instrument: InstrumentId,
    rows: readonly HourlyPrice[],
    learntAt: number,
    proven: Span | null,
    open: readonly Span[] = [],
  ): void {
    this.run(({ db, polls, prices, spans, changes }) => {
      const number = polls.numberOf(instrument);
      time(learntAt, `${instrument} learntAt`);
      for (const span of proven ? [proven, ...open] : []) checkSpan(span, `${instrument} proven stretch`);
      db.transaction(() => {
        const changed = prices.write(number, instrument, rows, learntAt);
        changes.write(number, 'price', Math.min(changed, spans.prove(number, 'price', proven, open, learntAt)));
      }).immediate();
    }, venueOf(instrument));
  }

  recordAsked(instrument: InstrumentId, kind: SeriesKind, stretches: readonly Asked[], learntAt: number): void {
    this.run(({ polls, asked }) => asked.write(polls.numberOf(instrument), kind, stretches, learntAt), venueOf(instrument));
  }

  recordEvent(event: HistoryEvent): void {
    const { at, kind, venue, instrument, text } = event;
    this.run(
      ({ db }) =>
        db
          .prepare('INSERT INTO events (at, kind, venue, instrument, text, learnt_at) VALUES (?, ?, ?, ?, ?, ?)')
          .run(time(at, `${venue} event`), kind, venue, instrument, text, this.now()),
      venue,
    );
  }

  recordRun(span: Span): void {
    this.run(({ runs }) => runs.write(span));
  }

  recordImport(batch: ImportBatch): ImportCounts {
    return this.run((parts) => importBatch(parts, batch), batch.instrument.venue);
  }

  /** Those of each venue for themselves: that one venue's are refused costs no other its books. Throws what the first was refused with. */
  recordBooks(books: readonly BookRecord[]): void {
    const refused: unknown[] = [];
    for (const venue of new Set(books.map(({ instrument }) => venueOf(instrument)))) {
      const ofVenue = books.filter(({ instrument }) => venueOf(instrument) === venue);
      try {
        this.run(({ db, polls }) => writeBooks(db, (id) => polls.numberOf(id), ofVenue), venue);
      } catch (error) {
        refused.push(error);
      }
    }
    if (refused.length > 0) throw refused[0];
  }

  recordOrderRules(instrument: InstrumentId, rules: OrderRules, learntAt: number): void {
    this.run(
      ({ db, polls }) => db.transaction(() => writeOrderRules(db, polls.numberOf(instrument), rules, learntAt)).immediate(),
      venueOf(instrument),
    );
  }
}
