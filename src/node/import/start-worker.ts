/// <reference types="electron-vite/node" />
import { Worker } from 'node:worker_threads';

export interface ImportWorkerStart {
  readonly path: string;
  readonly name: string;
  /** By the app's clock. */
  readonly startedAt: number;
}

/** Bundled or from source, as in history/start-worker.ts. */
export async function startImportWorker(start: ImportWorkerStart): Promise<Worker> {
  // What a line leaves behind is soon over: a small young heap keeps the memory of a million lines small.
  const options = { workerData: start, name: 'import', resourceLimits: { maxYoungGenerationSizeMb: 8 } };
  if (import.meta.url.endsWith('.ts')) {
    const source = './import.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./import.worker.ts?nodeWorker');
  return create(options);
}
