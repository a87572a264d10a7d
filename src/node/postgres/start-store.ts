/// <reference types="electron-vite/node" />
import { Worker } from 'node:worker_threads';
import type { Target } from './wire.ts';

export interface StoreStart {
  readonly role: 'write' | 'read';
  readonly target: Target;
  /** Where a reader finds archived months; null: nowhere. */
  readonly archive: string | null;
  /** The clock at the start, ms. */
  readonly now: number;
}

/** See history/start-worker.ts. */
export async function startStore(start: StoreStart): Promise<Worker> {
  const options = { workerData: start, name: `postgres ${start.role}` };
  if (import.meta.url.endsWith('.ts')) {
    const source = './postgres.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./postgres.worker.ts?nodeWorker');
  return create(options);
}
