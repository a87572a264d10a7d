import { workerData } from 'node:worker_threads';
import { ImportError } from '#core/ports/import.ts';
import { HistoryError } from '../history/errors.ts';
import { serveStore } from '../history/serve-store.ts';
import type { ImportWorkerStart } from './start-worker.ts';
import { TableReader } from './table-reader.ts';

const { path, name, startedAt } = workerData as ImportWorkerStart;

/** What a person is told crosses as it is; see open-import.ts. */
async function told<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ImportError) throw new HistoryError('invalid', error.message);
    throw error;
  }
}

serveStore(({ now }) => {
  const reader = new TableReader(path, name, now);
  return {
    open: () => told(() => reader.open()),
    beginScan: (...input: Parameters<TableReader['beginScan']>) => told(() => reader.beginScan(...input)),
    scanPiece: () => told(() => reader.scanPiece()),
    preview: (...input: Parameters<TableReader['preview']>) => told(() => reader.preview(...input)),
    beginLoad: () => told(() => reader.beginLoad()),
    loadPiece: (...input: Parameters<TableReader['loadPiece']>) => told(() => reader.loadPiece(...input)),
    batch: (...input: Parameters<TableReader['batch']>) => reader.batch(...input),
    refused: (...input: Parameters<TableReader['refused']>) => reader.refused(...input),
    close: () => reader.close(),
  };
}, startedAt);
