import { expect, test } from 'vitest';
import type { VenueRequest } from '#core/venue.ts';
import { createVenues } from '#node/venues/index.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { HOUR } from '#test/support/world.ts';

const POLL_MS = 30_000;
const MINUTE = 60_000;
/** From before midnight: in it contracts of 8, 4 and 1 hours are settled. */
const FROM = Date.UTC(2026, 9, 1, 23, 30);

/** What each of the venues that are on for a new user asks in every round of two hours, on the demo's wires. */
async function rounds(start: number): Promise<string[][]> {
  const wires = fewWires(['BTC', 'ETH', 'SOL', 'KAITO', 'IO']);
  const venues = createVenues().filter(({ onByDefault }) => onByDefault);
  expect(venues).toHaveLength(7);
  const asked: string[][] = [];
  for (let now = start; now < start + 2 * HOUR; now += POLL_MS) {
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

/* The numbers are said in docs/venues.md (build/docs-venues.ts). */
test.each([
  ['on the half minute', 0],
  ['between two', 11_000],
])(
  'a round of the seven takes 16 requests at most, over settlements too, polled %s; the first takes all lists',
  async (_name, offsetMs) => {
    const all = await rounds(FROM + offsetMs);
    const [first, ...others] = all.map((round) => round.length);
    expect(first).toBe(16 + 13);
    expect(Math.max(...others)).toBe(16);
    expect(Math.min(...others)).toBeGreaterThanOrEqual(15);
    const usual = new Set(all[1]?.filter((path) => all.slice(2, 10).every((round) => round.includes(path))));
    expect(usual.size).toBe(14);
    // How long what is not in every round is kept at most.
    const longest = [...new Set(all.flat())].flatMap((path) => {
      if (usual.has(path)) return [];
      const at = all.flatMap((round, i) => (round.includes(path) ? [i * POLL_MS] : []));
      return [[path, Math.max(...[...at.slice(1), all.length * POLL_MS].map((t, i) => t - (at[i] ?? NaN)))] as const];
    });
    const upTo = (from: number, to: number): string[] => longest.flatMap(([path, ms]) => (ms > from && ms <= to ? [path] : [])).sort();
    // Rates and prices: within two polls, so that no row turns stale between two answers.
    expect(upTo(0, 2 * POLL_MS)).toEqual([
      'bitget /api/v2/mix/market/tickers?productType=COIN-FUTURES',
      'bitget /api/v2/mix/market/tickers?productType=USDC-FUTURES',
    ]);
    expect(upTo(2 * POLL_MS, 5 * MINUTE)).toHaveLength(7);
    // What was traded in 24 h.
    expect(upTo(5 * MINUTE, 10 * MINUTE)).toEqual(['gate /api/v4/futures/btc/tickers', 'gate /api/v4/futures/usdt/tickers']);
    expect(upTo(10 * MINUTE, HOUR)).toHaveLength(4);
    expect(upTo(HOUR, Infinity)).toEqual([]);
  },
);
