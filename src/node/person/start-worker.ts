/// <reference types="electron-vite/node" />
import { Worker } from 'node:worker_threads';
import type { SqlitePersonOptions } from './sqlite-person.ts';

/** `now`: when it starts, by the clock of the app. */
export type PersonWorkerStart = Pick<SqlitePersonOptions, 'file' | 'kind' | 'old'> & { readonly now: number };

/** Bundled or from source, as in history/start-worker.ts. */
export async function startPersonWorker(start: PersonWorkerStart): Promise<Worker> {
  const options = { workerData: start, name: 'person', resourceLimits: { maxYoungGenerationSizeMb: 8 } };
  if (import.meta.url.endsWith('.ts')) {
    const source = './person.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./person.worker.ts?nodeWorker');
  return create(options);
}
