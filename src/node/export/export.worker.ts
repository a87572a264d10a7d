import { parentPort, workerData } from 'node:worker_threads';
import type { TableJob } from './table-worker.ts';
import { tableBytes } from './table-file.ts';

const { table, format, about } = workerData as TableJob;
const bytes = await tableBytes(table, format, about);
parentPort?.postMessage(bytes, bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : []);
