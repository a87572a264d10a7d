/// <reference types="electron-vite/node" />
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { TableBytes } from '#core/ports/table-bytes.ts';

export interface TableJob {
  readonly table: Parameters<TableBytes>[0];
  readonly format: Parameters<TableBytes>[1];
  readonly about: Parameters<TableBytes>[2];
}

/** The file of a table, made in a worker of its own that ends with it. Rejects with what it met. */
export const tableBytesInWorker: TableBytes = async (table, format, about) => {
  const worker = await start({ table, format, about });
  try {
    const [bytes] = (await once(worker, 'message')) as [Uint8Array];
    return bytes;
  } finally {
    await worker.terminate();
  }
};

/** As history/start-worker.ts does it: bundled or not. */
async function start(job: TableJob): Promise<Worker> {
  const options = { workerData: job, name: 'export' };
  if (import.meta.url.endsWith('.ts')) {
    const source = './export.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./export.worker.ts?nodeWorker');
  return create(options);
}
