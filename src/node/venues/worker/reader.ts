import { setTimeout as passed } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { VenueId } from '#domain/instrument.ts';
import type { VenueIo } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { tooLarge } from '../common/size.ts';
import { type CallMethod, fromPlain, type FromWorker, toPlain, type ToWorker, type WalkMethod } from './protocol.ts';

/** Whose code is asked: an exchange, by its id and, for the person, its name. */
export interface Asked {
  readonly id: string;
  readonly name: string;
}

export interface ReaderOptions {
  readonly start: () => Promise<Worker>;
  /** Real ms that reading one answer may take; all that a venue really sends takes a hundredth. */
  readonly limitMs?: number;
  /** Told of the exchange whose answer ended the worker. */
  readonly onEnded?: (by: Asked) => void;
}

interface Waiting {
  readonly asked: Asked;
  readonly io: VenueIo;
  /** What is done where an answer of another exchange ended the worker; null: it ends with it. */
  readonly onLost: (() => void) | null;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A walk went with a worker that something else ended. */
class Lost extends Error {}
const MOST_BEGINNINGS = 3;

const LIMIT_MS = 10_000;
const CLOSED_MS = 20;

/**
 * Questions to one worker. A worker that runs out of memory or does not come back takes along the question whose answer it was at;
 * the others that wait are asked once more, of another worker.
 */
export class Reader {
  readonly #start: () => Promise<Worker>;
  readonly #limitMs: number;
  readonly #onEnded: (by: Asked) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Promise<Worker> | null = null;
  /** Of each message that has no pong yet the question that it belongs to: the worker is at the first. */
  readonly #posted: number[] = [];
  /** Ends the worker where no pong comes. */
  #timer: NodeJS.Timeout | null = null;
  #pongs = 0;
  #late = false;
  #closing: Promise<void> | null = null;
  #lastId = 0;

  constructor({ start, limitMs = LIMIT_MS, onEnded = () => undefined }: ReaderOptions) {
    this.#start = start;
    this.#limitMs = limitMs;
    this.#onEnded = onEnded;
  }

  ask<T>(asked: Asked, io: VenueIo, venue: VenueId, method: CallMethod, ...args: readonly string[]): Promise<T> {
    const message = (id: number): ToWorker => ({ type: 'call', id, venue, method, args, watched: io.watched ?? [], now: io.now });
    return new Promise<T>((resolve, reject) => {
      const again = (): void => void this.#send<T>(asked, io, message, null).then(resolve, reject);
      this.#send<T>(asked, io, message, again).then(resolve, reject);
    });
  }

  /** Each page is asked for when the one before was taken. A walk that was lost begins anew, and gives on from where it was. */
  async *walk<T>(
    asked: Asked,
    io: VenueIo,
    venue: VenueId,
    method: WalkMethod,
    ...args: readonly [symbol: string, from: number, to: number]
  ): AsyncGenerator<T> {
    let given = 0;
    for (let beginning = 1; ; beginning++) {
      const walk = ++this.#lastId;
      const worker = await this.#open(asked);
      worker.postMessage({ type: 'walk', walk, venue, method, args, now: io.now } satisfies ToWorker);
      try {
        for (let page = 0; ; page++) {
          const next = await this.#page<IteratorResult<T>>(asked, io, worker, (id) => ({ type: 'next', id, venue, walk, now: io.now }));
          if (next.done === true) return;
          if (page < given) continue;
          given += 1;
          yield next.value;
        }
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        if (beginning === MOST_BEGINNINGS) throw this.#endOf(asked.name, error, false);
      } finally {
        worker.postMessage({ type: 'end', walk } satisfies ToWorker);
      }
    }
  }

  /** A page of a walk that `worker` has begun. */
  async #page<T>(asked: Asked, io: VenueIo, worker: Worker, message: (id: number) => ToWorker): Promise<T> {
    if ((await this.#open(asked)) !== worker) throw new Lost('its reader was started again');
    return new Promise<T>((resolve, reject) => {
      this.#send<T>(asked, io, message, () => reject(new Lost('its reader was ended by another answer'))).then(resolve, reject);
    });
  }

  /** Ends the worker at once, whatever it is at. */
  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    const worker = await this.#worker?.catch(() => null);
    await worker?.terminate();
  }

  async #open({ name }: Asked): Promise<Worker> {
    if (this.#closing !== null) {
      // A caller that asks again at once after a cancellation leaves the thread its turns until it is stopped itself.
      await passed(CLOSED_MS);
      throw new VenueError('cancelled', 'Perpscope is closing.', `${name}: its reader is closed`);
    }
    return (this.#worker ??= this.#spawn().catch((error: unknown) => {
      this.#worker = null;
      throw error;
    }));
  }

  async #send<T>(asked: Asked, io: VenueIo, message: (id: number) => ToWorker, onLost: Waiting['onLost']): Promise<T> {
    const worker = await this.#open(asked);
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { asked, io, onLost, resolve: (value) => resolve(value as T), reject });
      this.#post(worker, id, message(id));
    });
  }

  #post(worker: Worker, id: number, message: ToWorker): void {
    worker.postMessage(message);
    worker.postMessage({ type: 'ping' } satisfies ToWorker);
    this.#posted.push(id);
    this.#timer ??= setTimeout(() => {
      const before = this.#pongs;
      // Where this thread was held up itself, what the worker said meanwhile is heard first.
      setImmediate(() => {
        if (this.#pongs > before || this.#posted.length === 0) return;
        this.#late = true;
        void worker.terminate();
      });
    }, this.#limitMs);
  }

  /** What came first is done first, so each pong means that the worker moves. */
  #moved(): void {
    this.#posted.shift();
    this.#pongs += 1;
    if (this.#posted.length === 0) this.#stopTimer();
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
        reject(this.#endOf('A venue', failed, false));
        this.#over(failed);
      });
    });
  }

  /** The worker is gone. Where it was at no answer, any of those that wait may have ended it. */
  #over(failed: Error | null): void {
    const waiting = [...this.#waiting.values()];
    const by = this.#closing === null ? this.#waiting.get(this.#posted[0] ?? 0)?.asked : undefined;
    const late = this.#late;
    this.#worker = null;
    this.#posted.length = 0;
    this.#late = false;
    this.#stopTimer();
    this.#waiting.clear();
    if (by !== undefined) this.#onEnded(by);
    for (const { asked, onLost, reject } of waiting) {
      if (by === undefined || by.id === asked.id || onLost === null) reject(this.#endOf(asked.name, failed, late));
      else onLost();
    }
  }

  #endOf(name: string, failed: Error | null, late: boolean): VenueError {
    if (this.#closing !== null) return new VenueError('cancelled', 'Perpscope is closing.', `${name}: its reader was closed`);
    if (late) {
      const user = `${name} sent an answer that takes too long to read. Perpscope will ask again.`;
      return new VenueError('too-large', user, `${name}: its reader did not come back in ${this.#limitMs} ms and was ended`);
    }
    if (failed !== null && 'code' in failed && failed.code === 'ERR_WORKER_OUT_OF_MEMORY')
      return tooLarge(name, 'its reader ran out of memory');
    const user = `${name} sent an answer that Perpscope cannot read. It will ask again.`;
    return new VenueError('malformed', user, `${name}: its reader ended (${failed === null ? 'without a word' : failed.message})`);
  }

  async #request(worker: Worker, { id, request, asked }: FromWorker & { type: 'request' }): Promise<void> {
    const question = this.#waiting.get(id);
    if (question === undefined) return;
    const { io } = question;
    const answer = await io.request(asked).then(
      (body): ToWorker => ({ type: 'body', request, body, now: io.now }),
      (error: unknown): ToWorker => ({ type: 'failure', request, error: toPlain(question.asked.name, error), now: io.now }),
    );
    // A worker that ended meanwhile took the question with it.
    if (this.#waiting.has(id)) this.#post(worker, id, answer);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
