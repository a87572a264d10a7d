import type { Venue } from '#core/venue.ts';
import { LISTED } from './listed.ts';
import { createCcxtVenue } from './venue.ts';
import { WAYS } from './ways.ts';

/** As far apart on the wheel as so many hues can be, whichever of them are on. */
const hueOf = (place: number): number => Math.round(place * 137.508) % 360;

/** The long tail: exchanges that are read through ccxt. They are no part of the demo. */
export const createViaCcxt = (): Venue[] =>
  LISTED.flatMap((listing, place) => {
    const way = WAYS[listing.id];
    return way === undefined ? [] : [createCcxtVenue(listing, way, hueOf(place))];
  });
