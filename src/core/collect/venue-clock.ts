import type { VenueId } from '#domain/instrument.ts';
import type { Clock } from '../ports/clock.ts';

const SAMPLES = 5;
/** The wall may be set and the machine may sleep; a smaller drift from the monotonic clock is the tuning of a good clock. */
const JUMP_MS = 30_000;
/** Clocks that differ by no more (real ms) tell one time. */
const AGREE_MS = 300_000;
/** Beyond this (real ms) no venue says what time it is here: one so far behind replays a recording, whose rows go by its own time. */
const FAR_MS = 86_400_000;

export interface ClockOpinion {
  /** Whose clock is wrong where the venue's and this computer's differ, by what the other sources say. */
  readonly fault: 'computer' | 'venue' | 'either';
  /** 'recording': believed of its own rows only, since nothing of now can be so far behind. */
  readonly standing: 'believed' | 'recording' | 'refused';
}

/**
 * What time it is at each venue. A venue's clock is this machine's monotonic clock plus the median of its last five
 * differences, and is believed only where a second source agrees: this machine's wall clock, what that showed before it was
 * set, or, of a time that lies behind the wall, more other venues than agree with the wall. However many venues say that this
 * machine is late, nothing goes more than five minutes beyond what it has shown itself. One that is not believed goes by the others.
 */
export interface VenueClocks {
  /** A venue said `venueTime` in an answer that was asked for and had between two readings of `clock.monotonic()`. */
  add(venue: VenueId, venueTime: number, askedAt: number, answeredAt: number): void;
  /** UTC ms by the venue's clock; by the other venues' where it never says or is not believed; by the wall where they differ. */
  now(venue: VenueId): number;
  /** Venue clock minus wall clock, ms, believed or not; null where the venue never said. */
  offsetMs(venue: VenueId): number | null;
  opinion(venue: VenueId): ClockOpinion;
  /** The median offset over all venues that are believed, 0 where none is or they differ. */
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

/** `hostOf`: the address that a venue is asked at. Markets of one address have one clock. */
export function createVenueClocks(clock: Clock, hostOf: (venue: VenueId) => string = (venue) => venue): VenueClocks {
  /** By host: its last differences, and their median, which is asked for far more often than it changes. */
  const samples = new Map<string, { readonly last: readonly number[]; readonly ahead: number }>();
  const agreeMs = AGREE_MS * clock.speed;
  const farMs = FAR_MS * clock.speed;
  /** UTC minus monotonic: by the wall now, and by what a venue agreed with last (the wall of then, or most other venues). */
  let wall = clock.now() - clock.monotonic();
  let agreed: number | null = null;

  function check(): void {
    const now = clock.now() - clock.monotonic();
    if (Math.abs(now - wall) > JUMP_MS * clock.speed) samples.clear();
    wall = now;
  }
  const ahead = (host: string): number | null => samples.get(host)?.ahead ?? null;
  function others(host: string): number[] {
    return [...samples].flatMap(([id, sampled]) => (id === host ? [] : [sampled.ahead]));
  }
  const near = (values: readonly number[], to: number, withinMs: number): number =>
    values.filter((value) => Math.abs(value - to) <= withinMs).length;

  const isRecording = (own: number): boolean => wall - own > farMs;
  /** Most sources agree with a time behind the wall: the venue and others against the wall and others. */
  function outvotesWall(host: string, own: number): boolean {
    if (own > wall) return false;
    const rest = others(host);
    return near(rest, own, agreeMs) > near(rest, wall, agreeMs);
  }
  /** The venue's own where it is believed. */
  function believed(host: string): number | null {
    const own = ahead(host);
    if (own === null || own - wall > farMs) return null;
    const isAgreed = near([wall, agreed ?? wall], own, agreeMs) > 0;
    return isAgreed || isRecording(own) || outvotesWall(host, own) ? own : null;
  }
  function aheadOfAny(): number | null {
    const all = [...samples.keys()].flatMap((host) => believed(host) ?? []);
    return Math.max(...all) - Math.min(...all) > agreeMs ? null : median(all);
  }

  return {
    add(venue, venueTime, askedAt, answeredAt) {
      check();
      const host = hostOf(venue);
      const newest = venueTime - (askedAt + answeredAt) / 2;
      const last = [...(samples.get(host)?.last ?? []), newest].slice(-SAMPLES);
      samples.set(host, { last, ahead: median(last) ?? newest });
      const own = believed(host);
      // Agreement with an earlier agreement is none: a clock that runs fast would take it along.
      if (own === null || isRecording(own)) return;
      if (near([wall], own, agreeMs) > 0) agreed = wall;
      else if (outvotesWall(host, own)) agreed = own;
    },
    now(venue) {
      check();
      const host = hostOf(venue);
      const best = believed(host) ?? aheadOfAny();
      return best === null ? clock.now() : Math.round(clock.monotonic() + best);
    },
    offsetMs(venue) {
      check();
      const host = hostOf(venue);
      const own = ahead(host);
      return own === null ? null : Math.round(own - wall);
    },
    opinion(venue) {
      check();
      const host = hostOf(venue);
      const own = ahead(host) ?? wall;
      const withinMs = Math.min(agreeMs, Math.abs(own - wall) / 2);
      // What the wall showed before it was set is a source of its own.
      const rest = [...others(host), ...(agreed !== null && Math.abs(agreed - wall) > agreeMs ? [agreed] : [])];
      const [forIt, forWall] = [near(rest, own, withinMs), near(rest, wall, withinMs)];
      return {
        fault: forIt > forWall ? 'computer' : forWall > forIt ? 'venue' : 'either',
        standing: believed(host) === null ? 'refused' : isRecording(own) ? 'recording' : 'believed',
      };
    },
    wallOffsetMs() {
      check();
      const any = aheadOfAny();
      return any === null ? 0 : Math.round(any - wall);
    },
    forget() {
      samples.clear();
    },
  };
}
