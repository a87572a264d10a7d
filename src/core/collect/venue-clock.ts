import type { VenueId } from '#domain/instrument.ts';
import type { Clock } from '../ports.ts';

const SAMPLES = 5;
/** The wall may be set and the machine may sleep; a smaller drift from the monotonic clock is the tuning of a good clock. */
const JUMP_MS = 30_000;
/** Venues whose clocks differ by more (real ms) say nothing of this machine's: one of them may replay a recording. */
const AGREE_MS = 300_000;

/** What time it is at each venue: this machine's monotonic clock plus the median of its last five differences. */
export interface VenueClocks {
  /** A venue said `venueTime` in an answer that was asked for and had between two readings of `clock.monotonic()`. */
  add(venue: VenueId, venueTime: number, askedAt: number, answeredAt: number): void;
  /** UTC ms by the venue's clock; by the other venues' where it never says and they agree; by the wall where not. */
  now(venue: VenueId): number;
  /** Venue clock minus wall clock, ms; null where the venue never said. */
  offsetMs(venue: VenueId): number | null;
  /** The median offset over all venues that said their time, 0 where none did or they disagree. */
  wallOffsetMs(): number;
  /** After a jump nothing is known until the venues answer again. */
  forget(): void;
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle];
  if (high === undefined) return null;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}

export function createVenueClocks(clock: Clock): VenueClocks {
  const samples = new Map<VenueId, number[]>();
  let drift = clock.now() - clock.monotonic();

  function check(): void {
    const now = clock.now() - clock.monotonic();
    if (Math.abs(now - drift) > JUMP_MS * clock.speed) samples.clear();
    drift = now;
  }
  function ahead(venue: VenueId): number | null {
    return median(samples.get(venue) ?? []);
  }
  function aheadOfAny(): number | null {
    const all = [...samples.values()].map((own) => median(own) ?? 0);
    return Math.max(...all) - Math.min(...all) > AGREE_MS * clock.speed ? null : median(all);
  }

  return {
    add(venue, venueTime, askedAt, answeredAt) {
      check();
      const own = samples.get(venue) ?? [];
      samples.set(venue, [...own, venueTime - (askedAt + answeredAt) / 2].slice(-SAMPLES));
    },
    now(venue) {
      check();
      const best = ahead(venue) ?? aheadOfAny();
      return best === null ? clock.now() : Math.round(clock.monotonic() + best);
    },
    offsetMs(venue) {
      check();
      const own = ahead(venue);
      return own === null ? null : Math.round(own - drift);
    },
    wallOffsetMs() {
      check();
      const any = aheadOfAny();
      return any === null ? 0 : Math.round(any - drift);
    },
    forget() {
      samples.clear();
    },
  };
}
