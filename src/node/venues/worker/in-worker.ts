import type { Worker } from 'node:worker_threads';
import type { Venue } from '#core/venue.ts';
import { readerOf } from './protocol.ts';
import { Reader, type ReaderOptions } from './reader.ts';
import { startVenueWorker } from './start.ts';

export interface VenueInWorker extends Venue {
  /** Ends the worker of its host at once; what that was asked is cancelled. Safe to call twice. */
  close(): Promise<void>;
}

/** The venue with its code in the reader's worker: names and limits are data, and stay here. */
function through(reader: Reader, venue: Venue): VenueInWorker {
  const { id, files } = venue;
  return {
    ...venue,
    poll: (io) => reader.ask(io, id, 'poll', ...(io.parts ?? [])),
    oldest: (io, symbol) => reader.ask(io, id, 'oldest', symbol),
    settled: (io, symbol, from, to) => reader.walk(io, id, 'settled', symbol, from, to),
    prices: (io, symbol, from, to) => reader.walk(io, id, 'prices', symbol, from, to),
    ...(files && { files: { ...files, settled: (io, symbol, from, to) => reader.walk(io, id, 'files', symbol, from, to) } }),
    orderRules: (io, symbol) => reader.ask(io, id, 'orderRules', symbol),
    book: (io, symbol) => reader.ask(io, id, 'book', symbol),
    ...(venue.openInterest && { openInterest: (io, symbol) => reader.ask(io, id, 'openInterest', symbol) }),
    close: () => reader.close(),
  };
}

/**
 * The venues with their code in one worker per exchange host (or the one that several hosts share), a memory and a time limit around
 * it: an answer that cannot be read costs that answer. Requests still go through the `io` of each call.
 */
export function inWorkers(venues: readonly Venue[], options: Partial<ReaderOptions> = {}): VenueInWorker[] {
  const readers = new Map<string, Reader>();
  return venues.map((venue) => {
    const { host, reader: shared } = venue;
    const id = readerOf(venue);
    const start = (): Promise<Worker> => startVenueWorker(id, shared?.megabytes);
    const reader = readers.get(id) ?? new Reader({ name: shared?.id ?? host.name, start, ...options });
    readers.set(id, reader);
    return through(reader, venue);
  });
}
