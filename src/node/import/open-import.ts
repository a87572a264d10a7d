import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cancellation } from '#core/ports/clock.ts';
import { ImportError, type ImportFiles, type ImportTable, type LoadedTable, type OnRead, type OpenedTable } from '#core/ports/import.ts';
import type { Log } from '#core/ports/log.ts';
import type { Facts } from '#domain/import/plan.ts';
import { codeOf, HistoryError, messageOf } from '../history/errors.ts';
import { WorkerClient } from '../history/worker-client.ts';
import { startImportWorker } from './start-worker.ts';
import type { Piece } from './table-reader.ts';

export interface ImportOptions {
  readonly now: () => number;
  readonly log: Log;
}

/** Calls of a TableReader, wherever it runs. */
export type AskReader = <T>(method: string, ...input: readonly unknown[]) => Promise<T>;

/** A file read piece by piece: between two pieces it can be cancelled. */
export function tableOf(ask: AskReader, close: () => Promise<void>): ImportTable {
  async function walk<T>(method: string, input: readonly unknown[], onRead: OnRead, cancelled: Cancellation): Promise<T> {
    for (;;) {
      if (cancelled.aborted) throw new ImportError('Cancelled.');
      const { share, done } = await ask<Piece<T>>(method, ...input);
      onRead(share);
      if (done !== null) return done;
    }
  }
  return {
    open: () => ask<OpenedTable>('open'),
    async scan(columns, onRead, cancelled) {
      await ask('beginScan', columns);
      return walk<Facts>('scanPiece', [], onRead, cancelled);
    },
    preview: (plan, terms) => ask('preview', plan, terms),
    async load(plan, terms, onRead, cancelled) {
      await ask('beginLoad');
      return walk<LoadedTable>('loadPiece', [plan, terms], onRead, cancelled);
    },
    batch: (...input) => ask('batch', ...input),
    refused: (...input) => ask('refused', ...input),
    close,
  };
}

/** A file that a worker reads: a worker of its own, which ends with it. */
export function openImport(path: string, name: string, { now, log }: ImportOptions): ImportTable {
  const client = new WorkerClient(() => startImportWorker({ path, name }), now, log);
  const ask: AskReader = async <T>(method: string, ...input: readonly unknown[]): Promise<T> => {
    try {
      return await client.ask<T>(method, ...input);
    } catch (error) {
      if (error instanceof HistoryError && error.kind === 'invalid') throw new ImportError(error.user);
      log.write('error', 'import', `${method} of ${name} failed`, { error: messageOf(error) });
      throw new ImportError(`${name} could not be read to its end. The log has the details.`);
    }
  };
  return tableOf(ask, () => client.close().catch((error: unknown) => log.write('info', 'import', messageOf(error))));
}

/** Files to import: where they lie, or handed over in pieces into a folder of their own, which is emptied at the start. */
export function createImportFiles(folder: string, options: ImportOptions): ImportFiles {
  const given = new Map<string, { readonly path: string; readonly name: string }>();
  let emptied: Promise<void> | null = null;
  const of = (id: string) => {
    const found = given.get(id);
    if (found === undefined) throw new ImportError('That file is not here any more. Choose it again.');
    return found;
  };
  return {
    async begin(name) {
      await (emptied ??= rm(folder, { recursive: true, force: true }));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const id = randomUUID();
      const path = join(folder, id);
      await writeFile(path, '', { flag: 'wx', mode: 0o600 }).catch(refuse);
      given.set(id, { path, name });
      return id;
    },
    append: async (id, bytes) => appendFile(of(id).path, bytes).catch(refuse),
    take(id) {
      const { path, name } = of(id);
      return openImport(path, name, options);
    },
    async drop(id) {
      const path = given.get(id)?.path;
      given.delete(id);
      if (path !== undefined) await rm(path, { force: true });
    },
  };
}

function refuse(error: unknown): never {
  if (['ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw new ImportError('There is no room on the disk for the file. Free some space.');
  throw error;
}
