/// <reference types="electron-vite/node" />
import { Worker } from 'node:worker_threads';

/** Bundled or from source, as in history/start-worker.ts. */
export async function startStudyWorker(): Promise<Worker> {
  const options = { name: 'evidence' };
  if (import.meta.url.endsWith('.ts')) {
    const source = './evidence.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./evidence.worker.ts?nodeWorker');
  return create(options);
}
