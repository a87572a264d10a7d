import { expect, test } from 'vitest';
import type { VenueRequest } from '#core/venue.ts';
import { createVenues } from '#node/venues/index.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { HOUR, START } from '#test/support/world.ts';

const POLL_MS = 30_000;
/** Lists that change slowly are kept so long. */
const KEPT_MS = 5 * 60_000;

/** What each of the venues that are on for a new user asks in every round of an hour, on the demo's wires. */
async function rounds(): Promise<string[][]> {
  const wires = fewWires(['BTC', 'ETH', 'SOL', 'KAITO', 'IO']);
  const venues = createVenues().filter(({ onByDefault }) => onByDefault);
  expect(venues).toHaveLength(7);
  const asked: string[][] = [];
  for (let now = START; now < START + HOUR; now += POLL_MS) {
    const round: string[] = [];
    for (const venue of venues) {
      const { id } = venue;
      const request = ({ method = 'GET', path, body }: VenueRequest): Promise<string> => {
        round.push(`${id} ${path}`);
        const url = new URL(path, 'https://exchange.example');
        const answer = wires[id]?.({ method, path: url.pathname, query: url.searchParams, body: JSON.stringify(body ?? null) }, now);
        return Promise.resolve(answer?.body ?? '');
      };
      await venue.poll({ now, request });
    }
    asked.push(round);
  }
  return asked;
}

/* The numbers are said in docs/venues.md (build/docs-venues.ts), where they are more than the sixteen of a round. */
test('a round of the seven takes 16 requests; nine lists that are kept are asked for beside it every five minutes, thirteen at the start', async () => {
  const counts = (await rounds()).map((round) => round.length);
  const expected = counts.map((_, i) => (i === 0 ? 16 + 13 : (i * POLL_MS) % KEPT_MS === 0 ? 16 + 9 : 16));
  expect(counts).toEqual(expected);
});
