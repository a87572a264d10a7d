import { expect, test } from 'vitest';
import { VenueError } from '#core/venue-error.ts';
import { labelOf } from '#node/venues/common/read.ts';
import { fuzzParsers } from '#test/soak/parsers.ts';

test('whatever a venue sends is a good answer or a short VenueError, in good time (more of it: npm run soak)', async () => {
  const { read, refused } = await fuzzParsers({ runs: 3, seed: 7 });
  // Both happen, or nothing was tried.
  expect(Math.min(read, refused)).toBeGreaterThan(50);
});

test('what a venue sends moves no cursor and turns no direction in the log, however it is quoted', () => {
  const hostile = ['\u001b[2J', '\u009b31m', '\u202egnp.exe', '\u2028', 'a'.repeat(1e6), [[['x']]], { toString: 1 }, null, undefined, 7];
  for (const value of hostile) expect(labelOf(value)).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]{1,60}$/u);
  const error = new VenueError('malformed', `\u001b[31m${'u'.repeat(1000)}`, `said \u009b31m${'m'.repeat(1e6)}`);
  for (const text of [error.user, error.message]) expect(text).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]{1,400}$/u);
});
