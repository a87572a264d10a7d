import type { Moment } from '#bridge/as-of.ts';
import type { AsOf } from '../ports/history.ts';

/** Where the clock stands, and by when what is read was learnt: then (as recorded), or whenever (venue time). */
export interface Then {
  readonly at: number;
  readonly known: AsOf;
}

export const thenOf = (moment: Moment): Then =>
  typeof moment === 'number' ? { at: moment, known: moment } : { at: moment.venueTime, known: null };

export const momentOf = ({ at, known }: Then): Moment => (known === null ? { venueTime: at } : at);
