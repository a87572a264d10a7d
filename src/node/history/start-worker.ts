/// <reference types="electron-vite/node" />
import { Worker } from 'node:worker_threads';
import type { WorkerStart } from './protocol.ts';

/**
 * The worker, bundled or not. In the bundle it is a file of its own that electron-vite's `?nodeWorker` emits and names
 * (`new URL('./x.ts', import.meta.url)` builds there without an error and fails at run time). From source, under vitest
 * and plain Node, Node runs the TypeScript file itself.
 */
export async function startWorker(start: WorkerStart): Promise<Worker> {
  const options = { workerData: start, name: `history ${start.role}`, resourceLimits: { maxYoungGenerationSizeMb: 24 } };
  if (import.meta.url.endsWith('.ts')) {
    const source = './history.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./history.worker.ts?nodeWorker');
  return create(options);
}
