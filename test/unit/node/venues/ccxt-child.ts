/** Says which packages were looked for while all venues were made and one of its own was asked, and then one of the long tail. */
import { registerHooks } from 'node:module';
import type { VenueIo } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { allVenues } from '#node/venues/index.ts';

const looked: string[] = [];
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'ccxt') looked.push(specifier);
    return next(specifier, context);
  },
});
const io: VenueIo = { now: 0, request: () => Promise.reject(new VenueError('network', 'away', 'away')) };
const ask = async (viaCcxt: boolean): Promise<void> => {
  const venue = allVenues().find(({ id }) => id.startsWith('ccxt-') === viaCcxt);
  await venue?.poll(io).catch((error: unknown) => {
    if (!(error instanceof VenueError)) throw error;
  });
};
await ask(false);
const before = looked.length;
await ask(true);
console.log(JSON.stringify({ before, after: looked.length }));
