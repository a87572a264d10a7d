import type { VenueHealth } from '#bridge/contract.ts';

/** Venues that are on: with their figures; by name; of more the healthy ones are a number, and so are those in trouble beyond as many. */
const MOST_WITH_FIGURES = 4;
const MOST_NAMED = 7;
/** Of more that are off than these the bar says how many. */
const MOST_OFF = 3;

/** What the status bar has room for. */
export interface VenueBar {
  readonly named: readonly VenueHealth[];
  /** Those that are only counted. */
  readonly healthy: readonly VenueHealth[];
  readonly starting: readonly VenueHealth[];
  readonly troubled: readonly VenueHealth[];
  readonly off: readonly VenueHealth[];
  /** Healthy ones by name stand with their figures. */
  readonly hasFigures: boolean;
  /** Those in trouble stand with their words. */
  readonly hasWords: boolean;
}

export function venueBar(health: readonly VenueHealth[]): VenueBar {
  const on = health.filter(({ state }) => state !== 'off');
  const off = health.filter(({ state }) => state === 'off');
  const isOffCounted = off.length > MOST_OFF;
  const inState = (state: VenueHealth['state']): readonly VenueHealth[] => on.filter((venue) => venue.state === state);
  const trouble = on.filter(({ state }) => state !== 'healthy' && state !== 'starting');
  const isCounted = on.length > MOST_NAMED;
  return {
    named: isCounted ? trouble.slice(0, MOST_NAMED) : isOffCounted ? on : health,
    healthy: isCounted ? inState('healthy') : [],
    starting: isCounted ? inState('starting') : [],
    troubled: isCounted ? trouble.slice(MOST_NAMED) : [],
    off: isOffCounted || isCounted ? off : [],
    hasFigures: on.length <= MOST_WITH_FIGURES,
    hasWords: trouble.length <= MOST_WITH_FIGURES,
  };
}
