import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import { HistoryError } from '../history/errors.ts';
import { type Ask, readsOf, writesOf } from '../history/open.ts';
import { createReaders } from '../history/readers.ts';
import { WorkerClient } from '../history/worker-client.ts';
import type { Kept } from './buffered.ts';
import type { Held, HeldThen } from './leases.ts';
import { startStore } from './start-store.ts';
import type { Target } from './wire.ts';

interface OpenPostgresOptions {
  readonly target: Target;
  readonly log: Log;
  readonly now: () => number;
}

/** The writing store, whose every batch says under which lease it is written. */
export interface WrittenPostgres extends HistoryStore {
  /** Under these leases it writes from now on; what it knew of the database it reads anew. */
  hold(held: Held): Promise<void>;
  /** What waited, where another took the lease since: refused where it was observed after that. */
  recordLate<K extends keyof Kept>(method: K, input: Parameters<Kept[K]>, then: HeldThen): Promise<void>;
}

/** A desk's history for writing, in its worker, and for reading, in others beside it: a read sees every write that was asked for before it. */
export async function openPostgres({ target, log, now }: OpenPostgresOptions): Promise<WrittenPostgres> {
  const client = new WorkerClient(() => startStore({ role: 'write', target, archive: null, now: now() }), now, log);
  await client.open();
  const readers = createReaders({
    start: () => startStore({ role: 'read', target: { ...target, readOnly: true }, archive: null, now: now() }),
    log,
    now,
  });
  const writes = new Set<Promise<unknown>>();
  const write: Ask = <T>(method: string, ...input: readonly unknown[]): Promise<T> => {
    const writing = client.ask<T>(method, ...input).finally(() => writes.delete(writing));
    writes.add(writing);
    return writing;
  };
  const read: Ask = async <T>(method: string, ...input: readonly unknown[]): Promise<T> => {
    if (writes.size > 0) await Promise.allSettled(writes);
    return readers.ask<T>(method, input);
  };
  let closing: Promise<void> | null = null;
  async function end(): Promise<void> {
    await readers.close();
    await client.close();
  }
  return {
    ...readsOf(read),
    status: () => client.ask('status'),
    ...writesOf(write),
    dropHoursBeyond: (...input) => write('dropHoursBeyond', ...input),
    tend: () => client.ask('tend'),
    maintain: (at) => client.ask('maintain', at),
    backUp: (_kept, byHand = false) =>
      byHand
        ? Promise.reject(
            new HistoryError('failed', 'The history is in a database: its administrator makes backups, with pg_dump or pg_basebackup.'),
          )
        : Promise.resolve(null),
    hold: (held) => write('hold', held),
    recordLate: (method, input, then) => write('recordLate', method, input, then),
    close: () => (closing ??= end()),
  };
}
