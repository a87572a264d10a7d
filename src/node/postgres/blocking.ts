import { receiveMessageOnPort } from 'node:worker_threads';
import { LOST } from './connection.ts';
import type { Wire } from './start-wire.ts';
import type { Answered, Said, WireAnswer, WireRequest } from './wire.ts';

/** The thread that connects has limits of its own for everything that it waits for; it has ended where it says nothing for so long. */
const SILENCE_MS = 120_000;

/** What the server refused, or that it is not there; `code` is its SQLSTATE. */
export class PostgresError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'PostgresError';
    this.code = code;
  }
}

/** A connection whose answers are waited for: this thread sleeps meanwhile. */
export class BlockingConnection {
  readonly #wire: Wire;
  readonly #count: Int32Array;
  readonly #silenceMs: number;
  #connection = 0;
  #lastId = 0;

  constructor(wire: Wire, silenceMs = SILENCE_MS) {
    this.#wire = wire;
    this.#silenceMs = silenceMs;
    this.#count = new Int32Array(wire.signal);
    wire.port.unref();
  }

  /** `isWithin`: a transaction that began in the connection of before. */
  run(said: readonly Said[], isWithin: boolean): readonly Answered[] {
    return this.#ask({ kind: 'run', id: ++this.#lastId, said, connection: isWithin ? this.#connection : null }).answers;
  }

  close(): void {
    this.#ask({ kind: 'close', id: ++this.#lastId });
    this.#wire.port.close();
  }

  #ask(request: WireRequest): Extract<WireAnswer, { kind: 'answered' }> {
    this.#wire.port.postMessage(request);
    const answer = this.#answerOf(request.id);
    if (answer === undefined) throw new PostgresError(LOST, 'the thread of the connection gave no answer');
    this.#connection = answer.connection;
    if (answer.kind === 'failed') throw new PostgresError(answer.code, answer.message);
    return answer;
  }
  #answerOf(id: number): WireAnswer | undefined {
    const end = performance.now() + this.#silenceMs;
    for (;;) {
      const before = Atomics.load(this.#count, 0);
      const answer = receiveMessageOnPort(this.#wire.port)?.message as WireAnswer | undefined;
      if (answer?.id === id) return answer;
      if (answer === undefined && Atomics.wait(this.#count, 0, before, end - performance.now()) === 'timed-out') return undefined;
    }
  }
}
