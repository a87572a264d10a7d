import type { Venue } from '#core/venue.ts';
import { Reader, type ReaderOptions } from './reader.ts';
import { startVenueWorker } from './start.ts';

export interface VenueInWorker extends Venue {
  /** Ends its worker at once; what it was asked is cancelled. */
  close(): Promise<void>;
}

/**
 * The venue with its code in a worker of its own, a memory and a time limit around it: an answer that cannot be read costs that
 * answer. Requests still go through the `io` of each call. `venue` gives what is data (names, limits).
 */
export function inWorker(venue: Venue, options: Partial<ReaderOptions> = {}): VenueInWorker {
  const reader = new Reader({ name: venue.name, start: () => startVenueWorker(venue.id), ...options });
  return {
    id: venue.id,
    name: venue.name,
    url: venue.url,
    limits: venue.limits,
    bookCost: venue.bookCost,
    poll: (io) => reader.ask(io, 'poll'),
    oldest: (io, symbol) => reader.ask(io, 'oldest', symbol),
    settled: (io, symbol, from, to) => reader.walk(io, 'settled', symbol, from, to),
    prices: (io, symbol, from, to) => reader.walk(io, 'prices', symbol, from, to),
    rules: (io, symbol) => reader.ask(io, 'rules', symbol),
    book: (io, symbol) => reader.ask(io, 'book', symbol),
    ...(venue.openInterest && { openInterest: (io, symbol) => reader.ask(io, 'openInterest', symbol) }),
    close: () => reader.close(),
  };
}
