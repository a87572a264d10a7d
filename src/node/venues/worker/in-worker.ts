import type { Venue, VenueReader } from '#core/venue.ts';
import { type Asked, Reader, type ReaderOptions } from './reader.ts';
import { startVenueWorker } from './start.ts';

export interface VenueInWorker extends Venue {
  /** Ends the workers of all venues that it was made with at once; what they were asked is cancelled. Safe to call twice. */
  close(): Promise<void>;
}

/** So many workers read for all exchanges: each takes some 30 MB, and a sixth of a second to begin. */
const SHARED = 3;

/** The venue with its code in the reader's worker: names and limits are data, and stay here. */
function through(venue: Venue, asked: Asked, reader: () => Reader, close: () => Promise<void>): VenueInWorker {
  const { id, files } = venue;
  return {
    ...venue,
    poll: (io) => reader().ask(asked, io, id, 'poll', ...(io.parts ?? [])),
    oldest: (io, symbol) => reader().ask(asked, io, id, 'oldest', symbol),
    settled: (io, symbol, from, to) => reader().walk(asked, io, id, 'settled', symbol, from, to),
    prices: (io, symbol, from, to) => reader().walk(asked, io, id, 'prices', symbol, from, to),
    ...(files && { files: { ...files, settled: (io, symbol, from, to) => reader().walk(asked, io, id, 'files', symbol, from, to) } }),
    orderRules: (io, symbol) => reader().ask(asked, io, id, 'orderRules', symbol),
    book: (io, symbol) => reader().ask(asked, io, id, 'book', symbol),
    ...(venue.openInterest && { openInterest: (io, symbol) => reader().ask(asked, io, id, 'openInterest', symbol) }),
    close,
  };
}

/**
 * The venues with their code in a few workers that the exchanges share, a memory and a time limit around them. An answer that ends its
 * worker costs that answer, and its exchange has a worker of its own from then on. Requests still go through the `io` of each call.
 */
export function inWorkers(venues: readonly Venue[], options: Partial<ReaderOptions> = {}, workers = SHARED): VenueInWorker[] {
  const all: Reader[] = [];
  const made = (one: Partial<ReaderOptions>, of?: VenueReader): Reader => {
    const reader = new Reader({ start: () => startVenueWorker(of), ...options, ...one });
    all.push(reader);
    return reader;
  };
  const shared: Reader[] = [];
  /** Where the answers of each exchange are read; those that a package reads share its worker. */
  const seats = new Map<string, { reader: Reader }>();
  const onEnded = ({ id }: Asked): void => {
    const seat = seats.get(id);
    if (seat !== undefined) seat.reader = made({});
  };
  const seatOf = ({ host, reader: of }: Venue): { readonly reader: Reader } => {
    const id = of?.id ?? host.id;
    const known = seats.get(id);
    if (known !== undefined) return known;
    const seat = { reader: of === undefined ? (shared[seats.size % workers] ??= made({ onEnded })) : made({}, of) };
    seats.set(id, seat);
    return seat;
  };
  const close = async (): Promise<void> => void (await Promise.all(all.map((reader) => reader.close())));
  return venues.map((venue) => {
    const seat = seatOf(venue);
    return through(venue, venue.host, () => seat.reader, close);
  });
}
