import { isDeepStrictEqual } from 'node:util';
import type { VenueId } from '#domain/instrument.ts';
import { demoVenues } from '#node/demo/market.ts';
import { fieldsAsked, lived, SPOILT_FROM, SPOILT_UNTIL } from '#test/support/spoilt-world.ts';
import { SPOILERS } from '#test/support/spoil.ts';
import { isShort } from '#test/support/short.ts';

/**
 * Every field of every answer of every venue, spoilt in every way for the first 40 minutes: a day later the history is that of
 * an app that was never disturbed. `--short`: one way for each field of one venue.
 */
const HOURS = isShort ? 6 : 30;
const VENUES: readonly VenueId[] = isShort ? ['hyperliquid'] : demoVenues().map(({ id }) => id);

let differing = 0;
for (const venue of VENUES) {
  const whole = await lived(venue, HOURS, null);
  const fields = await fieldsAsked(venue);
  let turn = 0;
  let tried = 0;
  for (const what of fields) {
    for (const how of isShort ? [SPOILERS[turn++ % SPOILERS.length] ?? 'empty'] : SPOILERS) {
      tried++;
      const held = await lived(venue, HOURS, { venue, what, how, from: SPOILT_FROM, until: SPOILT_UNTIL });
      if (isDeepStrictEqual(held, whole)) continue;
      differing++;
      const where = Object.keys(whole).filter((id) => !isDeepStrictEqual(held[id], whole[id]));
      console.error(`${venue}: ${what.endpoint} ${what.field} ${how}: ${where.join(', ')}`);
    }
  }
  console.log(`${venue}: ${tried} disturbances of ${fields.length} fields`);
}
if (differing > 0) process.exitCode = 1;
console.log(differing === 0 ? 'every history is equal to the one that was never disturbed' : `${differing} histories differ`);
