import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { setImmediate as immediate, setTimeout as passed } from 'node:timers/promises';
import type { Sql } from 'postgres';
import type { Answered, Said, Target } from './wire.ts';

/** SQLSTATE of a connection that is no more. */
export const LOST = '08006';
/** Of what is said in a transaction in which something failed before it. */
export const ABORTED = '25P02';
/** Said behind a COPY: it fails with `ABORTED` where a row was refused, of which a COMMIT says nothing and rolls back. */
const STANDS: Said = { text: 'SELECT 1', values: [], raw: true };
const CONNECT_MS = 10_000;
/** Beyond its own limit for a statement the server is not heard any more: the network was cut without a word. */
const SILENCE_MS = 10_000;
/** Where the connection is no more, what the driver makes of it is waited for so long. */
const GONE_MS = 1_000;
/** A paused process must not hold what it locked. As `docs/desk-roles.sql` has it for its roles. */
export const IDLE_IN_TRANSACTION_MS = 10_000;
const KEEPALIVE_MS = 5_000;
/** Types as the server numbers them: of counts, and of sums of counts, which are numbers here. */
const [INT8, NUMERIC] = [20, 1700];

/** One connection, which is not made anew: what began a transaction in it must not go on in another. */
export class Connection {
  readonly #sql: Sql;
  readonly #socket: Socket;
  /** Of questions that have no answer yet. */
  readonly #refusals = new Set<(error: Error) => void>();
  #isLost = false;
  readonly #silenceMs: number;
  /** Resolves once it is no more. */
  readonly gone: Promise<void>;

  private constructor(sql: Sql, socket: Socket, silenceMs: number) {
    this.#sql = sql;
    this.#socket = socket;
    this.#silenceMs = silenceMs;
    this.gone = new Promise((resolve) => {
      if (socket.closed) resolve();
      else socket.once('close', () => resolve());
    });
    void this.gone.then(() => this.#refuse());
  }

  /** `heard`: is called with every notification of what is listened to. */
  static async open(target: Target, heard?: () => void): Promise<Connection> {
    const { default: postgres } = await import('postgres');
    const socket = await reach(target);
    let taken = false;
    const sql = postgres({
      ...optionsOf(target),
      max: 1,
      fetch_types: false,
      prepare: true,
      // What its types leave out: the documentation's `socket`, and what its own `listen` is told by.
      ...({
        ...(heard && { onnotify: heard }),
        socket: () => {
          if (taken) throw Object.assign(new Error('the connection was lost'), { code: LOST });
          taken = true;
          return socket;
        },
      } as object),
    });
    const connection = new Connection(sql as Sql, socket, target.statementMs + SILENCE_MS);
    try {
      await connection.run([{ text: 'SELECT 1', values: [], raw: true }]);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  async run(said: readonly Said[]): Promise<Answered[]> {
    // The server answers within its own limit, or nothing is there that answers.
    let refuse: (error: Error) => void = () => undefined;
    const silence = setTimeout(() => this.#socket.destroy(new Error('the database does not answer')), this.#silenceMs);
    try {
      // Not raced against `gone` itself, which lives as long as the connection and would keep every answer.
      const lost = new Promise<never>((_, reject) => (refuse = reject));
      if (this.#isLost) refuse(lostError());
      this.#refusals.add(refuse);
      return await Promise.race([this.#inTurn(said), lost]);
    } finally {
      clearTimeout(silence);
      this.#refusals.delete(refuse);
    }
  }

  /** Sent without waiting for each other, but for a COPY: the server has to ask for its rows first. */
  async #inTurn(said: readonly Said[]): Promise<Answered[]> {
    const asked: Promise<PromiseSettledResult<Answered>>[] = [];
    const ask = (one: Promise<Answered>): void => void asked.push(Promise.allSettled([one]).then(([only]) => only));
    for (const one of said) {
      const refused = one.copied === undefined ? null : await this.#copy(one.text, one.copied);
      ask(refused === null ? this.#ask(one.copied === undefined ? one : STANDS) : Promise.reject(refused));
      if (refused !== null) break;
    }
    return (await Promise.all(asked)).map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  }

  async #ask({ text, values, raw }: Said): Promise<Answered> {
    const query = this.#sql.unsafe(text, [...values], { prepare: true });
    const rows = await (raw ? query.values() : query);
    return { rows: [...rows], count: rows.count };
  }

  /** Sends the rows; the driver does not say what becomes of them. Gives why it was not begun. */
  async #copy(text: string, rows: Uint8Array): Promise<Error | null> {
    let stream: Writable;
    try {
      stream = await this.#sql.unsafe(text).writable();
    } catch (error) {
      return error as Error;
    }
    // What is said next in the transaction tells.
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.write(rows, resolve));
    stream.end();
    // The driver takes no question before the end of the rows was sent, which is at once where none waits.
    await immediate();
    return null;
  }

  async close(): Promise<void> {
    if (this.isOpen) await Promise.race([this.#sql.end({ timeout: 2 }), this.gone]);
    this.#socket.destroy();
  }

  /** The connection has ended: the driver may leave questions without an answer. */
  async #refuse(): Promise<void> {
    await passed(GONE_MS, null, { ref: false });
    this.#isLost = true;
    for (const refuse of this.#refusals) refuse(lostError());
  }
}

const lostError = (): Error => Object.assign(new Error('the connection was lost'), { code: LOST });

export const optionsOf = ({ host, port, database, user, password, tls, name, schema, statementMs, readOnly }: Target) => ({
  host,
  port,
  database,
  username: user,
  ...(password !== null && { password }),
  ssl: tls === null ? (false as const) : { servername: tls.servername, rejectUnauthorized: true, ...(tls.ca !== null && { ca: tls.ca }) },
  connect_timeout: CONNECT_MS / 1000,
  onnotice: () => undefined,
  types: { count: { to: INT8, from: [INT8, NUMERIC], serialize: String, parse: Number } },
  connection: {
    application_name: name,
    search_path: `${schema}, pg_catalog`,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    // Whatever the server's default: what is acknowledged is on its disk.
    synchronous_commit: 'on',
    client_min_messages: 'warning',
    extra_float_digits: 1,
    ...(readOnly && { default_transaction_read_only: true }),
  },
});

async function reach({ host, port }: Target): Promise<Socket> {
  const socket = connect({ host, port, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS, noDelay: true });
  const late = setTimeout(() => socket.destroy(new Error(`${host}:${port} does not answer`)), CONNECT_MS);
  try {
    await once(socket, 'connect');
    return socket;
  } finally {
    clearTimeout(late);
  }
}
