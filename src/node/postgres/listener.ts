import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '#core/ports/log.ts';
import { messageOf } from '../history/errors.ts';
import { channelOf } from './channel.ts';
import { Connection } from './connection.ts';
import type { Target } from './wire.ts';

const AGAIN_MS = 2_000;
/** A network that was cut without a word is seen by what does not answer. */
const PING_MS = 5_000;
const PING_ANSWER_MS = 1_000;

export interface Listener {
  /** Another number once something was written, or may have been while no one listened. */
  readonly version: number;
  /** Since when the database is not heard, by the machine's clock; null: it is. */
  readonly awaySince: number | null;
  close(): Promise<void>;
}

/** Hears what a desk's collectors write. A lost connection is made again by itself. */
export function listenTo(target: Target, log: Log): Listener {
  const ending = new AbortController();
  let version = 1;
  let awaySince: number | null = null;
  const isOver = (): boolean => ending.signal.aborted;

  async function listen(): Promise<void> {
    const connection = await Connection.open({ ...target, statementMs: PING_ANSWER_MS }, () => void version++);
    try {
      await connection.run([{ text: `LISTEN "${channelOf(target.schema)}"`, values: [], raw: true }]);
      version++;
      if (awaySince !== null) log.write('info', 'history', 'the database is heard again');
      awaySince = null;
      while (connection.isOpen && !isOver()) {
        await Promise.race([wait(PING_MS, undefined, { signal: ending.signal }).catch(() => undefined), connection.gone]);
        if (!isOver()) await connection.run([{ text: 'SELECT 1', values: [], raw: true }]);
      }
    } finally {
      await connection.close();
    }
  }
  async function keepListening(): Promise<void> {
    while (!isOver()) {
      try {
        await listen();
      } catch (error) {
        if (awaySince === null) log.write('warn', 'history', 'the database is not heard any more', { error: messageOf(error) });
        awaySince ??= Date.now();
        await wait(AGAIN_MS, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }
  }
  const listening = keepListening();
  return {
    get version() {
      return version;
    },
    get awaySince() {
      return awaySince;
    },
    async close() {
      ending.abort();
      await listening;
    },
  };
}
