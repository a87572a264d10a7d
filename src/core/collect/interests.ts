import type { InstrumentId } from '#domain/instrument.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { createAlarm } from './alarm.ts';
import { toVenueError } from './classify.ts';
import type { Canceller, Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { VenueLink } from './venue-link.ts';
import type { OpenInterest, Venue } from '../venue.ts';

/** What is not watched is asked for once in so long (clock ms), what is watched at every poll. */
const ROUND_MS = 15 * MINUTE_MS;
/** Older open interest is not the market's any more. */
const STALE_MS = 30 * MINUTE_MS;
/** Real ms between two questions: ten a second at most, whatever the venue's limits leave room for. */
const PACE_MS = 100;
/** Until there is something to ask (real ms). */
const IDLE_MS = 1_000;
/** So many failures in a row are the venue's, not an instrument's. */
const TROUBLE_AFTER = 3;

/** The open interest that one venue's polls do not bring, asked for instrument by instrument, behind the polls. */
export interface Interests {
  start(): void;
  stop(): Promise<void>;
  /** The newest one of this run with its time, venue-corrected ms; null where it is not asked for or has grown old. */
  latest(id: InstrumentId): StampedInterest | null;
  /** Why open interest does not come, as a sentence; null: it does. */
  trouble(): string | null;
  /** Drops the request in flight. */
  cancel(): void;
}

export interface StampedInterest extends OpenInterest {
  readonly at: number;
}

export interface InterestsOptions {
  readonly venue: Pick<Venue, 'id' | 'name' | 'openInterest'>;
  readonly link: Pick<VenueLink, 'io' | 'note' | 'silentForMs'>;
  readonly clock: Clock;
  readonly log: Log;
  newCanceller(): Canceller;
  /** The venue is on and answers. */
  readonly ready: () => boolean;
  /** Symbols whose open interest the newest poll did not say. */
  readonly lacking: () => ReadonlyMap<InstrumentId, string>;
  readonly isWatched: (id: InstrumentId) => boolean;
  readonly pollMs: () => number;
  /** `trouble` says something else now. */
  readonly onTrouble: () => void;
  /** Venue-corrected time. */
  readonly now: () => number;
}

export function createInterests(options: InterestsOptions): Interests {
  const { venue, link, clock, log, now } = options;
  const alarm = createAlarm(clock);
  const latest = new Map<InstrumentId, StampedInterest>();
  /** On the monotonic clock: when it was asked for last, and from when it may be again. */
  const askedAt = new Map<InstrumentId, number>();
  const restsUntil = new Map<InstrumentId, number>();
  /** In a row, whichever instruments they were of; the newest one's sentence. */
  let failures = 0;
  let why = '';
  let canceller = options.newCanceller();
  let running: Promise<void> | null = null;
  let stopped = false;

  /** How late it is, in rounds of its own: 1 is due. So what is watched goes first, and the others still get their turn beside it. */
  function urgency(id: InstrumentId, now: number): number {
    if (now < (restsUntil.get(id) ?? -Infinity)) return 0;
    const isWatched = options.isWatched(id);
    const asked = askedAt.get(id);
    if (asked === undefined) return isWatched ? Infinity : 1;
    return (now - asked) / (isWatched ? Math.min(ROUND_MS, options.pollMs()) : ROUND_MS);
  }
  function mostUrgent(now: number): { readonly id: InstrumentId; readonly symbol: string } | null {
    let [first, most]: [{ readonly id: InstrumentId; readonly symbol: string } | null, number] = [null, 0];
    for (const [id, symbol] of options.lacking()) {
      const urgent = urgency(id, now);
      if (urgent >= 1 && urgent > most) [first, most] = [{ id, symbol }, urgent];
    }
    return first;
  }

  async function ask(id: InstrumentId, symbol: string): Promise<void> {
    if (venue.openInterest === undefined) return;
    askedAt.set(id, clock.monotonic());
    try {
      const interest = await venue.openInterest(link.io('background', canceller.signal), symbol);
      latest.set(id, { ...interest, at: interest.at ?? now() });
      const wasTroubled = trouble() !== null;
      failures = 0;
      if (wasTroubled) options.onTrouble();
    } catch (thrown) {
      const error = toVenueError(venue.name, thrown);
      if (error.kind === 'cancelled') return;
      link.note(error);
      // Watched or not: its next turn is with the next round, so that what always fails is not asked for at every poll.
      restsUntil.set(id, clock.monotonic() + ROUND_MS);
      log.write('warn', venue.id, `open interest of ${symbol}: ${error.message}`, { kind: error.kind });
      failures += 1;
      why = error.user;
      if (trouble() !== null) options.onTrouble();
    }
  }
  const trouble = (): string | null =>
    failures >= TROUBLE_AFTER && options.lacking().size > 0 ? `open interest failed, going on without it: ${why}` : null;

  /** One question; clock ms until the next. */
  async function turn(): Promise<number> {
    const startedAt = clock.monotonic();
    const due = options.ready() && link.silentForMs() === 0 ? mostUrgent(startedAt) : null;
    if (due === null) return IDLE_MS * clock.speed;
    await ask(due.id, due.symbol);
    return Math.max(0, PACE_MS * clock.speed - (clock.monotonic() - startedAt));
  }
  async function run(): Promise<void> {
    while (!stopped) await alarm.wait(await turn());
  }

  return {
    start() {
      if (venue.openInterest !== undefined) running ??= run();
    },
    async stop() {
      stopped = true;
      canceller.abort();
      alarm.ring();
      await running;
    },
    latest(id) {
      const interest = latest.get(id);
      return interest === undefined || now() - interest.at > STALE_MS ? null : interest;
    },
    trouble,
    cancel() {
      canceller.abort();
      canceller = options.newCanceller();
    },
  };
}
