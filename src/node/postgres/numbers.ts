import type { Database } from 'better-sqlite3';
import type { VenueId } from '#domain/instrument.ts';
import { metaOf } from '../history/versions.ts';

/** A venue's instruments take numbers one after the other, as many at a time as share a row of newest values: no other writer's are among them. */
export function numbersOf(db: Database): (venue: VenueId) => number {
  const together = metaOf(db, 'newest_together') ?? 1;
  const range = db.prepare<[], number>("SELECT nextval('instrument_number')").pluck();
  const given = new Map<VenueId, number>();
  return (venue) => {
    const following = (given.get(venue) ?? -1) + 1;
    const number = following % together > 0 ? following : (range.get() ?? NaN) * together;
    given.set(venue, number);
    return number;
  };
}
