import { NO_SERVICE } from '#test/support/no-service.ts';
import { parentPort } from 'node:worker_threads';
import type { VenuePoll, Venue } from '#core/venue.ts';
import { serveVenues } from '#node/venues/worker/serve.ts';

const NONE: VenuePoll = { venueTime: null, instruments: [], snapshots: [], refused: [] };

/** A venue whose code does what an answer tells it to: the worst that a parser could do. */
const hostile: Venue = {
  id: 'hostile',
  name: 'Hostile',
  url: 'https://hostile.example',
  host: { id: 'hostile', name: 'Hostile', limits: [] },
  hue: 0,
  onByDefault: true,
  formula: null,
  fees: null,
  service: NO_SERVICE,
  bookCost: {},
  async poll(io) {
    const body = await io.request({ path: '/poll', cost: {} });
    if (body === 'loop') for (;;);
    if (body === 'pattern') /^(?:a+)+$/u.test(`${'a'.repeat(60)}b`);
    if (body === 'memory') for (const kept: unknown[] = []; ;) kept.push(new Array(10_000).fill(kept.length));
    if (body === 'throw') throw new TypeError('row is undefined');
    if (body === 'exit') process.exit(3);
    return { ...NONE, venueTime: io.now };
  },
  oldest: async (io, symbol) => Number(await io.request({ path: `/oldest/${symbol}`, cost: { weight: 3 } })),
  async *settled(io, symbol, from, to) {
    for (let page = from; page < to; page++) {
      await io.request({ path: `/settled/${symbol}/${page}`, cost: {} });
      yield { rows: [], proven: { from: page, to: io.now }, refused: [] };
    }
  },
  prices: () => {
    throw new Error('not asked');
  },
  orderRules: () => Promise.reject(new Error('not asked')),
  book: () => Promise.reject(new Error('not asked')),
};

/** Their code is the same; it is for a test what each is sent. */
const others = ['second', 'third', 'tame'].map((id): Venue => ({ ...hostile, id, name: id, host: { id, name: id, limits: [] } }));

if (parentPort) serveVenues(parentPort, [hostile, ...others]);
