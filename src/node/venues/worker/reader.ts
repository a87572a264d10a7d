import { setTimeout as passed } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { VenueId } from '#domain/instrument.ts';
import type { VenueIo } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { tooLarge } from '../common/size.ts';
import { type CallMethod, fromPlain, type FromWorker, toPlain, type ToWorker, type WalkMethod } from './protocol.ts';

export interface ReaderOptions {
  /** The exchange, for the person. */
  readonly name: string;
  readonly start: () => Promise<Worker>;
  /** Real ms that reading one answer may take; all that a venue really sends takes a hundredth. */
  readonly limitMs?: number;
}

interface Waiting {
  readonly io: VenueIo;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: VenueError) => void;
}

const LIMIT_MS = 10_000;
const CLOSED_MS = 20;

/**
 * Questions to one worker. A worker that runs out of memory or does not come back takes the questions in flight with it;
 * the next question starts another.
 */
export class Reader {
  readonly #name: string;
  readonly #start: () => Promise<Worker>;
  readonly #limitMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Promise<Worker> | null = null;
  /** Pings that were not answered yet, and the timer that ends the worker where none is. */
  #pings = 0;
  #pongs = 0;
  #timer: NodeJS.Timeout | null = null;
  #late = false;
  #closing: Promise<void> | null = null;
  #lastId = 0;

  constructor({ name, start, limitMs = LIMIT_MS }: ReaderOptions) {
    this.#name = name;
    this.#start = start;
    this.#limitMs = limitMs;
  }

  ask<T>(io: VenueIo, venue: VenueId, method: CallMethod, ...args: readonly string[]): Promise<T> {
    return this.#send<T>(io, (id) => ({ type: 'call', id, venue, method, args, now: io.now }));
  }

  /** Each page is asked for when the one before was taken. */
  async *walk<T>(
    io: VenueIo,
    venue: VenueId,
    method: WalkMethod,
    ...args: readonly [symbol: string, from: number, to: number]
  ): AsyncGenerator<T> {
    const walk = ++this.#lastId;
    const worker = await this.#open();
    worker.postMessage({ type: 'walk', walk, venue, method, args, now: io.now } satisfies ToWorker);
    try {
      for (;;) {
        const page = await this.#send<IteratorResult<T>>(io, (id) => ({ type: 'next', id, venue, walk, now: io.now }));
        if (page.done === true) return;
        yield page.value;
      }
    } finally {
      worker.postMessage({ type: 'end', walk } satisfies ToWorker);
    }
  }

  /** Ends the worker at once, whatever it is at; every venue of it may ask for that. */
  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    const worker = await this.#worker?.catch(() => null);
    await worker?.terminate();
  }

  async #open(): Promise<Worker> {
    if (this.#closing !== null) {
      // A caller that asks again at once after a cancellation leaves the thread its turns until it is stopped itself.
      await passed(CLOSED_MS);
      throw new VenueError('cancelled', 'Perpscope is closing.', `${this.#name}: its reader is closed`);
    }
    return (this.#worker ??= this.#spawn().catch((error: unknown) => {
      this.#worker = null;
      throw error;
    }));
  }

  async #send<T>(io: VenueIo, message: (id: number) => ToWorker): Promise<T> {
    const worker = await this.#open();
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { io, resolve: (value) => resolve(value as T), reject });
      this.#post(worker, message(id));
    });
  }

  #post(worker: Worker, message: ToWorker): void {
    worker.postMessage(message);
    worker.postMessage({ type: 'ping' } satisfies ToWorker);
    this.#pings += 1;
    this.#timer ??= setTimeout(() => {
      const before = this.#pongs;
      // Where this thread was held up itself, what the worker said meanwhile is heard first.
      setImmediate(() => {
        if (this.#pongs > before || this.#pings === 0) return;
        this.#late = true;
        void worker.terminate();
      });
    }, this.#limitMs);
  }

  /** What came first is done first, so each pong means that the worker moves. */
  #moved(): void {
    this.#pings -= 1;
    this.#pongs += 1;
    if (this.#pings === 0) this.#stopTimer();
    else this.#timer?.refresh();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #spawn(): Promise<Worker> {
    const worker = await this.#start();
    let failed: Error | null = null;
    return new Promise<Worker>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve(worker);
        else if (message.type === 'pong') this.#moved();
        else if (message.type === 'request') void this.#request(worker, message);
        else if (message.type === 'answer') this.#settle(message.id)?.resolve(message.value);
        else this.#settle(message.id)?.reject(fromPlain(message.error));
      });
      worker.on('error', (error: Error) => {
        failed = error;
      });
      worker.on('exit', () => {
        const died = this.#endOf(failed);
        this.#worker = null;
        this.#pings = 0;
        this.#late = false;
        this.#stopTimer();
        reject(died);
        for (const { reject: refuse } of this.#waiting.values()) refuse(died);
        this.#waiting.clear();
      });
    });
  }

  #endOf(failed: Error | null): VenueError {
    const name = this.#name;
    if (this.#closing !== null) return new VenueError('cancelled', 'Perpscope is closing.', `${name}: its reader was closed`);
    if (this.#late) {
      const user = `${name} sent an answer that takes too long to read. Perpscope will ask again.`;
      return new VenueError('too-large', user, `${name}: its reader did not come back in ${this.#limitMs} ms and was ended`);
    }
    if (failed !== null && 'code' in failed && failed.code === 'ERR_WORKER_OUT_OF_MEMORY')
      return tooLarge(name, 'its reader ran out of memory');
    const user = `${name} sent an answer that Perpscope cannot read. It will ask again.`;
    return new VenueError('malformed', user, `${name}: its reader ended (${failed === null ? 'without a word' : failed.message})`);
  }

  async #request(worker: Worker, { id, request, asked }: FromWorker & { type: 'request' }): Promise<void> {
    const io = this.#waiting.get(id)?.io;
    if (io === undefined) return;
    const answer = await io.request(asked).then(
      (body): ToWorker => ({ type: 'body', request, body, now: io.now }),
      (error: unknown): ToWorker => ({ type: 'failure', request, error: toPlain(this.#name, error), now: io.now }),
    );
    // A worker that ended meanwhile took the question with it.
    if (this.#waiting.has(id)) this.#post(worker, answer);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
