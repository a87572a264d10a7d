import type { MessagePort } from 'node:worker_threads';

/** A statement with its values. */
export interface Said {
  readonly text: string;
  readonly values: readonly (string | number | Uint8Array | null)[];
  /** Rows as lists of their fields. */
  readonly raw: boolean;
  /** The text is a COPY from here, and these are its rows in COPY's binary form. */
  readonly copied?: Uint8Array;
}

export interface Answered {
  readonly rows: readonly unknown[];
  /** How many rows it changed or gave. */
  readonly count: number;
}

/** What is asked of the connection's thread. Statements of one request are sent at once and done in their order; where one fails, none after it is. */
export type WireRequest =
  | {
      readonly kind: 'run';
      /** Its answer has the same: one that came too late is not taken for another's. */
      readonly id: number;
      readonly said: readonly Said[];
      /** The connection in which a transaction began; null: any will do, and one is made where there is none. */
      readonly connection: number | null;
    }
  | { readonly kind: 'close'; readonly id: number };

export type WireAnswer =
  | { readonly kind: 'answered'; readonly id: number; readonly answers: readonly Answered[]; readonly connection: number }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string; readonly connection: number };

export interface WireStart {
  readonly port: MessagePort;
  /** Its first number grows by one with every answer: what waits for one sleeps on it. */
  readonly signal: SharedArrayBuffer;
  readonly target: Target;
}

/** Where the database is, and who asks. The password is read by the thread that connects and goes nowhere else. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  /** Null: this machine's own loopback, unencrypted. */
  readonly tls: { readonly ca: string | null; readonly servername: string } | null;
  /** What the server lists the connection as. */
  readonly name: string;
  readonly schema: string;
  /** The longest that a statement may take, ms. */
  readonly statementMs: number;
  readonly readOnly: boolean;
}
