import { gapsOf } from '#core/spans.ts';
import { type InstrumentId, venueOf } from '#domain/instrument.ts';
import type { Span } from '#domain/time.ts';
import { Connection } from './connection.ts';
import { openLive } from './open-readonly.ts';
import type { Target } from './wire.ts';

export interface LeaseState {
  /** A venue, or 'teller'. */
  readonly what: string;
  readonly holder: string;
  /** Grows by one with every change of its holder, from 1. */
  readonly epoch: number;
  /** Seconds until it expires, by the database's clock; below 0: it has. */
  readonly leftS: number;
}

export interface VenueState {
  readonly venue: string;
  readonly instruments: number;
  /** Seconds since the newest observation; below 0: it is ahead of this machine's clock. */
  readonly lagS: number;
  readonly oldestHole: Hole | null;
}

/** A stretch between proven ones in which settlements may be missing, and have not been asked for in vain. */
export interface Hole extends Span {
  readonly instrument: InstrumentId;
}

export interface SharedState {
  readonly leases: readonly LeaseState[];
  readonly venues: readonly VenueState[];
  readonly historyBytes: number;
  /** The database as a whole; what is free beside it the server tells none but its administrator. */
  readonly databaseBytes: number;
  readonly settledRows: number;
}

/** How a desk's history stands: who records what, how old the newest of each venue is, what it lacks, what it takes. */
export async function examine(target: Target, now: () => number): Promise<SharedState> {
  const history = await openLive(target, now);
  try {
    const { bytes, settledRows } = history.status();
    const newest = new Map<string, { count: number; at: number }>();
    for (const { instrument, observedAt, delisted } of history.latest()) {
      const { count, at } = newest.get(instrument.venue) ?? { count: 0, at: 0 };
      newest.set(instrument.venue, { count: count + Number(!delisted), at: Math.max(at, observedAt) });
    }
    const { leases, unproven, databaseBytes } = await askedOf(target);
    const unserved = ({ instrument, from, to }: Hole): Hole[] =>
      gapsOf(history.asked(instrument, 'settled'), from, to)
        .slice(0, 1)
        .map((gap) => ({ instrument, ...gap }));
    const venues = [...newest].map(([venue, { count, at }]) => ({
      venue,
      instruments: count,
      lagS: Math.round((now() - at) / 1000),
      oldestHole: firstOf(unproven, (one) => (venueOf(one.instrument) === venue ? unserved(one) : [])),
    }));
    return {
      leases,
      databaseBytes,
      venues: venues.sort((a, b) => a.venue.localeCompare(b.venue)),
      historyBytes: bytes,
      settledRows,
    };
  } finally {
    history.close();
  }
}

function firstOf<T>(all: readonly T[], of: (one: T) => readonly T[]): T | null {
  for (const one of all) {
    const [found] = of(one);
    if (found !== undefined) return found;
  }
  return null;
}

const LEASES = 'SELECT what, holder, epoch, extract(epoch FROM expires_at - clock_timestamp())::float8 FROM leases ORDER BY what';
const UNPROVEN = `SELECT i.id, s.to_t, s.next FROM
  (SELECT instrument, to_t, lead(from_t) OVER (PARTITION BY instrument ORDER BY from_t) AS next FROM spans WHERE kind = 'settled') AS s
  JOIN instruments AS i ON i.number = s.instrument WHERE s.next > s.to_t ORDER BY s.to_t, i.id`;
const SIZE = 'SELECT pg_database_size(current_database())::float8';

async function askedOf(target: Target) {
  const connection = await Connection.open(target);
  try {
    const [held, gaps, size] = await connection.run([LEASES, UNPROVEN, SIZE].map((text) => ({ text, values: [], raw: true })));
    const leases = (held?.rows ?? []) as readonly (readonly [string, string, number, number])[];
    const unproven = (gaps?.rows ?? []) as readonly (readonly [InstrumentId, number, number])[];
    return {
      leases: leases.map(([what, holder, epoch, leftS]): LeaseState => ({ what, holder, epoch, leftS: Math.max(-1e9, Math.round(leftS)) })),
      unproven: unproven.map(([instrument, from, to]): Hole => ({ instrument, from, to })),
      databaseBytes: ((size?.rows ?? []) as readonly (readonly [number])[])[0]?.[0] ?? 0,
    };
  } finally {
    await connection.close();
  }
}
