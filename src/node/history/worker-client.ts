import type { Worker } from 'node:worker_threads';
import type { Log } from '#core/ports/log.ts';
import { createRateLimit } from '../rate-limit.ts';
import { HistoryError, messageOf } from './errors.ts';
import { fromPlain, type Place, type WorkerMessage, type WorkerRequest } from './protocol.ts';

const TEN_MINUTES_MS = 600_000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Requests to one worker. A worker that dies takes the requests in flight with it; the next request starts another, at most three
 * times in ten minutes: then requests are refused until the first of those lies ten minutes back.
 */
export class WorkerClient {
  readonly #start: () => Promise<Worker>;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Promise<Worker> | null = null;
  #closing: Promise<void> | null = null;
  readonly #mayRestart = createRateLimit(3, TEN_MINUTES_MS);
  #refusedUntil = 0;
  #lastId = 0;
  #place: Place = null;

  constructor(start: () => Promise<Worker>, now: () => number, log: Log) {
    this.#start = start;
    this.#now = now;
    this.#log = log;
  }

  /** As the store said with its last answer. */
  get place(): Place {
    return this.#place;
  }

  /** Resolves when the file is open. */
  open(): Promise<Worker> {
    return (this.#worker ??= this.#spawn());
  }

  async ask<T>(method: string, ...input: readonly unknown[]): Promise<T> {
    if (this.#closing) throw new HistoryError('closed', 'Perpscope is closing.', `${method}: the history is closed`);
    return this.#send<T>(method, input);
  }

  /** Everything asked before is done first. Safe to call twice. */
  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    if (!this.#worker) return;
    const worker = await this.#worker;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    await this.#send('close', []);
    await ended;
  }

  async #send<T>(method: string, input: readonly unknown[]): Promise<T> {
    if (this.#worker === null && performance.now() < this.#refusedUntil)
      throw new HistoryError('failed', 'The local history stopped four times in ten minutes. It is tried again in ten minutes.', method);
    const worker = await (this.#worker ??= this.#spawn());
    const request: WorkerRequest = { id: ++this.#lastId, method, input, now: this.#now() };
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(request.id, { resolve: (value) => resolve(value as T), reject });
      worker.postMessage(request);
    });
  }

  async #spawn(): Promise<Worker> {
    const worker = await this.#start();
    let isRefused = false;
    return new Promise<Worker>((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if ('place' in message) this.#place = message.place;
        if (message.type === 'ready') resolve(worker);
        else if (message.type === 'failed') {
          // A file that cannot be opened is no crash: it is tried again with the next request.
          isRefused = true;
          reject(fromPlain(message.error));
        } else if (message.type === 'log') this.#log.write(...message.entry);
        else if (message.type === 'answer') this.#settle(message.id)?.resolve(message.value);
        else this.#settle(message.id)?.reject(fromPlain(message.error));
      });
      worker.on('error', (error) => this.#log.write('error', 'history', 'the history worker failed', { error: messageOf(error) }));
      worker.on('exit', (code) => {
        this.#worker = null;
        this.#place = null;
        if (!this.#closing && !isRefused && !this.#mayRestart(performance.now())) this.#refusedUntil = performance.now() + TEN_MINUTES_MS;
        const died = this.#closing
          ? new HistoryError('closed', 'Perpscope is closing.', 'the history was closed')
          : new HistoryError('failed', 'The local history stopped and is started again.', `the history worker ended with ${code}`);
        reject(died);
        for (const { reject: refuse } of this.#waiting.values()) refuse(died);
        this.#waiting.clear();
      });
    });
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
