import type { VenueHealth } from '#bridge/contract.ts';
import type { StorageSurvey } from '#bridge/storage.ts';
import { columnOf, type OutTable } from './out.ts';

/** How venues stand, a row each. */
export function venueTable(venues: readonly VenueHealth[]): OutTable {
  const { time, number, text } = columnOf;
  const of = <T>(pick: (venue: VenueHealth) => T): T[] => venues.map(pick);
  const counted = (name: string, unit: string, pick: (venue: VenueHealth) => number | null) => number(name, unit, of(pick), 'measured');
  const column = (name: string, pick: (venue: VenueHealth) => string) => text(name, of(pick));
  return {
    name: 'venues',
    columns: [
      column('venue', ({ id }) => id),
      column('name', ({ name }) => name),
      column('state', ({ state }) => state),
      time(
        'last_good_answer',
        of(({ okAt }) => okAt),
      ),
      time(
        'next_try',
        of(({ nextTryAt }) => nextTryAt),
      ),
      counted('latency', 'ms', ({ latencyMs }) => latencyMs),
      counted('clock_offset', 'ms', ({ clockOffsetMs }) => clockOffsetMs),
      counted('poll_interval', 'ms', ({ pollMs }) => pollMs),
      counted('instruments', 'instruments', ({ instruments }) => instruments),
      counted('refused', 'values of this run', ({ refused }) => refused),
      counted('missing', 'instruments', ({ missing }) => missing),
      counted('still_fetched', 'instruments', ({ backfilling }) => backfilling),
      counted('not_served', 'instruments', ({ unserved }) => unserved),
      column('address', ({ ownUrl, givenUrl }) => (givenUrl ?? ownUrl).slice(0, 500)),
      column('error', ({ error }) => (error ?? '').slice(0, 500)),
    ],
  };
}

/** What is stored, by kind and then by venue: each of them is all of the history, shared out. */
export function storageTable({ kinds, venues }: StorageSurvey): OutTable {
  const { time, number, text } = columnOf;
  const byVenue = <T>(value: T): T[] => venues.map(() => value);
  return {
    name: 'storage',
    columns: [
      text('by', [...kinds.map(() => 'kind'), ...byVenue('venue')]),
      text('of', [...kinds.map(({ kind }) => kind), ...venues.map(({ venue }) => venue)]),
      number(
        'size',
        'bytes',
        [...kinds, ...venues].map(({ bytes }) => bytes),
        'measured',
      ),
      // Instruments, terms and pages have no rows that are counted.
      number(
        'rows',
        'rows',
        [...kinds.map(({ kind, rows }) => (kind === 'other' ? null : rows)), ...venues.map(({ rows }) => rows)],
        'measured',
      ),
      number('growth', 'rows a day', [...kinds.map(({ kind, rowsPerDay }) => (kind === 'other' ? null : rowsPerDay)), ...byVenue(null)]),
      time('since', [...kinds.map(({ oldest }) => oldest), ...byVenue(null)]),
      number('kept', 'days', [...kinds.map(({ keptDays }) => keptDays), ...byVenue(null)], 'measured'),
    ],
  };
}
