import type { MessagePort } from 'node:worker_threads';
import type { VenueId } from '#domain/instrument.ts';
import type { Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import { malformed } from '../common/read.ts';
import { type CallMethod, fromPlain, type FromWorker, toPlain, type ToWorker, type WalkMethod } from './protocol.ts';

/** What a question of a venue's code waits for. */
interface Asked {
  readonly io: RemoteIo;
  readonly resolve: (body: string) => void;
  readonly reject: (error: Error) => void;
}

/** The way to the venue through the app; its time is the app's as of the last message. */
class RemoteIo implements VenueIo {
  now: number;
  /** The question that is being answered: a walk has another one for each page. */
  id: number;
  readonly parts: readonly string[];
  readonly watched: readonly string[];
  readonly #ask: (io: RemoteIo, asked: VenueRequest) => Promise<string>;

  constructor(
    id: number,
    now: number,
    ask: (io: RemoteIo, asked: VenueRequest) => Promise<string>,
    parts: readonly string[] = [],
    watched: readonly string[] = [],
  ) {
    this.id = id;
    this.now = now;
    this.parts = parts;
    this.watched = watched;
    this.#ask = ask;
  }

  request(asked: VenueRequest): Promise<string> {
    return this.#ask(this, asked);
  }
}

interface Walk {
  readonly io: RemoteIo;
  readonly pages: AsyncIterator<unknown>;
}

/** Runs the code of a host's venues behind a port: nothing is asked and nothing is kept here but what that code keeps itself. */
export function serveVenues(port: MessagePort, venues: readonly Venue[]): void {
  const named = (id: VenueId): Venue => {
    const venue = venues.find((one) => one.id === id);
    if (venue === undefined) throw new RangeError(`no venue ${id} is served here`);
    return venue;
  };
  const post = (message: FromWorker): void => port.postMessage(message);
  const waiting = new Map<number, Asked>();
  const walks = new Map<number, Walk>();
  let requests = 0;

  const ask = (io: RemoteIo, asked: VenueRequest): Promise<string> =>
    new Promise((resolve, reject) => {
      const request = ++requests;
      waiting.set(request, { io, resolve, reject });
      post({ type: 'request', id: io.id, request, asked });
    });

  async function answer(venue: VenueId, id: number, work: () => Promise<unknown>): Promise<void> {
    try {
      post({ type: 'answer', id, value: await work() });
    } catch (error) {
      post({ type: 'refused', id, error: toPlain(named(venue).name, error) });
    }
  }

  async function nextPage({ id, venue, walk: number, now }: ToWorker & { type: 'next' }): Promise<unknown> {
    const walk = walks.get(number);
    if (walk === undefined) throw malformed(named(venue).name, 'a walk was lost when its reader was started again');
    walk.io.id = id;
    walk.io.now = now;
    return walk.pages.next();
  }

  function taken(request: number, now: number): Asked | undefined {
    const asked = waiting.get(request);
    waiting.delete(request);
    if (asked !== undefined) asked.io.now = now;
    return asked;
  }

  function call(venue: Venue, method: CallMethod, io: VenueIo, symbol: string): Promise<unknown> {
    if (method === 'poll') return venue.poll(io);
    if (method !== 'openInterest') return venue[method](io, symbol);
    if (venue.openInterest === undefined) throw malformed(venue.name, 'it tells no open interest');
    return venue.openInterest(io, symbol);
  }

  function walk(venue: Venue, method: WalkMethod, io: VenueIo, args: readonly [string, number, number]): AsyncIterable<unknown> {
    if (method !== 'files') return venue[method](io, ...args);
    if (venue.files === undefined) throw malformed(venue.name, 'it has no files');
    return venue.files.settled(io, ...args);
  }

  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'call': {
        const { id, venue, method, args, watched, now } = message;
        const io = new RemoteIo(id, now, ask, method === 'poll' ? args : [], watched);
        void answer(venue, id, async () => call(named(venue), method, io, args[0] ?? ''));
        break;
      }
      case 'walk': {
        const io = new RemoteIo(0, message.now, ask);
        const pages = walk(named(message.venue), message.method, io, message.args);
        walks.set(message.walk, { io, pages: pages[Symbol.asyncIterator]() });
        break;
      }
      case 'next':
        void answer(message.venue, message.id, () => nextPage(message));
        break;
      case 'end':
        void walks.get(message.walk)?.pages.return?.();
        walks.delete(message.walk);
        break;
      case 'body':
        taken(message.request, message.now)?.resolve(message.body);
        break;
      case 'failure':
        taken(message.request, message.now)?.reject(fromPlain(message.error));
        break;
      case 'ping':
        post({ type: 'pong' });
    }
  });
  post({ type: 'ready' });
}
