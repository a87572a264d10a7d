import { Connection } from './connection.ts';
import { openReadonly } from './open-readonly.ts';
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
}

export interface SharedState {
  readonly leases: readonly LeaseState[];
  readonly venues: readonly VenueState[];
  readonly historyBytes: number;
  readonly settledRows: number;
}

/** How a desk's history stands: who records what, how old the newest of each venue is, what it takes. */
export async function examine(target: Target, now: () => number): Promise<SharedState> {
  const history = await openReadonly(target, now);
  try {
    const { bytes, settledRows } = history.status();
    const newest = new Map<string, { count: number; at: number }>();
    for (const { instrument, observedAt, delisted } of history.latest()) {
      const { count, at } = newest.get(instrument.venue) ?? { count: 0, at: 0 };
      newest.set(instrument.venue, { count: count + Number(!delisted), at: Math.max(at, observedAt) });
    }
    const venues = [...newest].map(([venue, { count, at }]) => ({ venue, instruments: count, lagS: Math.round((now() - at) / 1000) }));
    return {
      leases: await leasesOf(target),
      venues: venues.sort((a, b) => a.venue.localeCompare(b.venue)),
      historyBytes: bytes,
      settledRows,
    };
  } finally {
    history.close();
  }
}

async function leasesOf(target: Target): Promise<LeaseState[]> {
  const connection = await Connection.open(target);
  try {
    const text = 'SELECT what, holder, epoch, extract(epoch FROM expires_at - clock_timestamp())::float8 FROM leases ORDER BY what';
    const [answer] = await connection.run([{ text, values: [], raw: true }]);
    const rows = (answer?.rows ?? []) as readonly (readonly [string, string, number, number])[];
    return rows.map(([what, holder, epoch, leftS]) => ({ what, holder, epoch, leftS: Math.max(-1e9, Math.round(leftS)) }));
  } finally {
    await connection.close();
  }
}
