import { rmSync, statSync } from 'node:fs';
import type { Log } from '#core/ports/log.ts';
import { HistoryError } from './errors.ts';
import { CHECKED_AT_OPEN_BYTES } from './open-file.ts';
import { fromPlain, type WorkerMessage } from './protocol.ts';
import type { DatabaseKind } from './schema.ts';
import { startWorker } from './start-worker.ts';
import type { WorkerClient } from './worker-client.ts';

/** What is wrong with a database file, or null; in a worker of its own, so that polls do not wait for it. */
async function damageBeside(file: string, kind: DatabaseKind): Promise<string | null> {
  const worker = await startWorker({ role: 'check', file, kind, now: 0 });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'answer') resolve(message.value as string | null);
      else if (message.type === 'failed') reject(fromPlain(message.error));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new HistoryError('failed', `${file} could not be checked.`, 'the check ended without an answer')));
  });
}

/** Long work beside the writer: the check of a large file after start, and the daily backup, which is checked before it counts. */
export class Upkeep {
  readonly #client: WorkerClient;
  readonly #file: string;
  readonly #kind: DatabaseKind;
  readonly #log: Log;
  #running: Promise<void> = Promise.resolve();

  constructor(client: WorkerClient, file: string, kind: DatabaseKind, log: Log) {
    this.#client = client;
    this.#file = file;
    this.#kind = kind;
    this.#log = log;
  }

  /** Files that were small enough were checked before they were opened. */
  checkLargeFile(): void {
    if ((statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) > CHECKED_AT_OPEN_BYTES) void this.#next(() => this.#check());
  }

  backUp(): Promise<void> {
    return this.#next(() => this.#backUp());
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#running;
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#running = this.#running.then(work).catch((error: unknown) => {
      if (error instanceof HistoryError && error.kind === 'closed') return;
      this.#log.write('warn', 'history', 'the check or backup of the history did not finish', { error: String(error) });
    });
    return this.#running;
  }

  async #check(): Promise<void> {
    const generation = await this.#client.ask<number>('generation');
    const damage = await damageBeside(this.#file, this.#kind);
    if (damage !== null) await this.#client.ask('replaceDamaged', damage, generation);
  }

  async #backUp(): Promise<void> {
    const copy = await this.#client.ask<string | null>('backUp');
    if (copy === null) return;
    const damage = await damageBeside(copy, this.#kind);
    for (const left of [`${copy}-wal`, `${copy}-shm`]) rmSync(left, { force: true });
    if (damage === null) return this.#client.ask('adoptBackup', copy);
    // A copy is as sound as what it was taken from: the backup before it stays, and the file itself is looked at.
    rmSync(copy, { force: true });
    await this.#check();
  }
}
