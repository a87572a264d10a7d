import { type Instrument, type InstrumentId, venueOf } from '#domain/instrument.ts';
import { accruesContinuously } from '#domain/metrics/venue-terms.ts';
import type { Events } from '../events.ts';
import type { Reporter } from '../reporter.ts';
import type { Observed } from '../observed.ts';
import type { Ports } from '../ports.ts';
import type { Reading } from '../read/reading.ts';
import type { Teller } from '../teller.ts';
import { createDecisions, type Decisions, type VenueAnswers } from './decisions.ts';
import { createNotes, type Notes } from './notes.ts';
import { createPastFacts, type PastFacts } from './past-facts.ts';
import { createPositions, type Positions } from './positions.ts';
import { createScenarios, type Scenarios } from './scenarios.ts';

export interface DecidingOptions {
  readonly ports: Pick<Ports, 'clock' | 'store' | 'person' | 'log'>;
  readonly events: Events;
  readonly reporter: Reporter;
  readonly observed: Pick<Observed, 'now' | 'venueName' | 'formulaOf'>;
  readonly reading: Pick<Reading, 'metrics' | 'row' | 'closedTo' | 'at'>;
  readonly teller: Teller;
  /** What a venue says when a person plans. */
  readonly venue: VenueAnswers;
  readonly utc: () => number;
  readonly instrument: (id: InstrumentId) => Instrument;
}

/** What a person plans and holds: facts for the calculators, saved scenarios, open positions. */
export interface Deciding {
  readonly decisions: Decisions;
  readonly pastFacts: PastFacts;
  readonly scenarios: Scenarios;
  readonly positions: Positions;
  readonly notes: Notes;
}

export function createDeciding({ ports, events, reporter, observed, reading, teller, venue, utc, instrument }: DecidingOptions): Deciding {
  const { clock, store, person, log } = ports;
  const accrues = (id: InstrumentId): boolean => accruesContinuously(observed.formulaOf(venueOf(id)));
  const decisions = createDecisions({ ...reading, store, log, venue, accrues });
  const scenarios = createScenarios({
    clock,
    person,
    reporter,
    log,
    now: utc,
    instrument,
    onChange: (all) => events.emit('scenarios', { all }),
  });
  const positions = createPositions({
    scenarios,
    store,
    reporter,
    row: reading.row,
    accrues,
    now: observed.now,
    // What it has not said now, it may say at the next reading; the position shows why there is no figure.
    maintenance: (id) =>
      venue.orderRules(id).then(
        ({ rules }) => rules.maintenance,
        () => null,
      ),
    venueName: observed.venueName,
    teller,
    onChange: (views) => events.emit('positions', { views }),
  });

  const notes = createNotes({
    ...{ clock, person, store, reporter, log, now: utc, instrument },
    onChange: (all) => events.emit('notes', { all }),
  });

  events.on('scenarios', () => positions.refresh());
  events.on('polled', (polled) => positions.polled(polled.venue));
  events.on('stored', ({ instrument: id }) => {
    positions.settled(id);
    decisions.forget(id);
  });
  events.on('closed', ({ instrument: id }) => positions.changed([id]));
  events.on('aged', ({ instruments }) => positions.changed(instruments));
  return { decisions, pastFacts: createPastFacts({ store, log, accrues, at: reading.at }), scenarios, positions, notes };
}
