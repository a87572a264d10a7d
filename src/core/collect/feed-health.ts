import type { VenueHealth } from '#bridge/contract.ts';
import { freshness } from '#domain/freshness.ts';
import type { Backfill, FilesSource } from './backfill.ts';
import { clockSentence } from './clock-words.ts';
import { stateOf } from './feed-state.ts';
import type { Listings } from '../listings.ts';
import type { Poller } from './poller.ts';
import type { Clock } from '../ports/clock.ts';
import type { Recorder } from './recorder.ts';
import type { VenueSettings } from '../settings.ts';
import type { Venue } from '../venue.ts';
import type { VenueClocks } from './venue-clock.ts';
import type { VenueError } from '../venue-error.ts';
import type { VenueLink } from './venue-link.ts';

/** An offset of the venue's clock that the person is told of (real ms). */
const CLOCK_WARNING_MS = 5_000;

export interface FeedHealthOptions {
  readonly venue: Pick<Venue, 'id' | 'name' | 'url'>;
  readonly settings: () => VenueSettings;
  readonly urlOverride: string | undefined;
  readonly clock: Clock;
  readonly clocks: VenueClocks;
  /** Venue-corrected time. */
  readonly now: () => number;
  readonly pollMs: () => number;
  readonly link: Pick<VenueLink, 'silentWhy' | 'silentForMs'>;
  readonly source: FilesSource | null;
  readonly poller: Pick<Poller, 'status'>;
  readonly backfill: Pick<Backfill, 'pending' | 'filling' | 'unserved' | 'holes'>;
  readonly recorder: Pick<Recorder, 'refused' | 'refusals'>;
  readonly listings: Pick<Listings, 'listedCount'>;
  /** What is wrong with its answers, and what does not come beside its rates, as sentences; null: nothing. */
  readonly flaw: () => string | null;
  readonly lacks: () => string | null;
  /** Listed instruments that its newest answer lacked. */
  readonly missing: () => number;
}

/** What is told of a venue. */
export interface FeedHealth {
  told(): VenueHealth;
  /** Why it is not asked, or did not answer. */
  trouble(): VenueError | null;
  /** That its clock and this computer's differ; null: they agree. */
  clockWords(): string | null;
}

export function createFeedHealth(options: FeedHealthOptions): FeedHealth {
  const { venue, settings, clock, clocks, now, pollMs, link, source, poller, backfill, recorder, listings } = options;
  const { id, name } = venue;

  function clockWords(): string | null {
    const offsetMs = clocks.offsetMs(id);
    if (offsetMs === null || Math.abs(offsetMs) <= CLOCK_WARNING_MS * clock.speed) return null;
    return clockSentence(name, offsetMs, clocks.opinion(id));
  }
  /** Silence that the back-fill or a book met stops the polls too, before one of them fails. */
  const trouble = (): VenueError | null => poller.status().error ?? link.silentWhy();
  function troubleWords(): string | null {
    const error = trouble();
    if (error?.kind !== 'blocked' || source === null) return error?.user ?? null;
    return `${error.user} Settlements of past months come from ${source.files.name} meanwhile.`;
  }
  function state(): VenueHealth['state'] {
    const { okAt } = poller.status();
    return stateOf({
      isOn: settings().enabled,
      hasAnswered: okAt !== null,
      isDead: okAt !== null && freshness(clock.now(), okAt, null, pollMs()) === 'dead',
      error: trouble(),
      isFlawed: options.flaw() !== null || clockWords() !== null,
      isPartial: options.lacks() !== null,
    });
  }

  return {
    trouble,
    clockWords,
    told() {
      const { okAt, latencyMs, nextTryAt } = poller.status();
      const silentMs = link.silentForMs();
      // Times of this computer's clock, told in the app's.
      const shiftMs = clocks.wallOffsetMs();
      const told = (at: number | null): number | null => (at === null ? null : Math.round(at + shiftMs));
      const aheadMs = now() - (clock.now() + shiftMs);
      return {
        id,
        name,
        ownUrl: venue.url,
        givenUrl: options.urlOverride ?? null,
        state: state(),
        okAt: told(okAt),
        latencyMs,
        error: troubleWords() ?? options.flaw() ?? clockWords() ?? options.lacks(),
        nextTryAt: told(silentMs > 0 ? Math.max(nextTryAt ?? 0, clock.now() + silentMs) : nextTryAt),
        pollMs: pollMs(),
        instruments: listings.listedCount(id),
        refused: recorder.refused(id),
        refusals: [...recorder.refusals(id)],
        missing: options.missing(),
        clockOffsetMs: clocks.offsetMs(id),
        aheadMs: Math.abs(aheadMs) > CLOCK_WARNING_MS * clock.speed ? Math.round(aheadMs) : 0,
        backfilling: backfill.pending(),
        ...(settings().olderHistory === false && { cancelled: true as const }),
        filling: backfill.filling(),
        unserved: backfill.unserved(),
        holes: backfill.holes(),
      };
    },
  };
}
