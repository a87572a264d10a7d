import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cancellation } from '#core/ports/clock.ts';
import { MOST_GIVEN_BYTES } from '#bridge/import.ts';
import { ImportError, type ImportFiles, type ImportTable, type LoadedTable, type OnRead, type OpenedTable } from '#core/ports/import.ts';
import type { Log } from '#core/ports/log.ts';
import type { Facts } from '#domain/import/plan.ts';
import { codeOf, HistoryError, messageOf } from '../history/errors.ts';
import { roomAt } from '../history/room.ts';
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
  const client = new WorkerClient(() => startImportWorker({ path, name, startedAt: now() }), now, log);
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

/** So much room is left to the history whatever is handed over. */
const SPARED_BYTES = 512 * 1024 ** 2;
/** The room is looked at again after so many bytes. */
const LOOK_EVERY_BYTES = 32 * 1024 ** 2;

/** Files to import: where they lie, or handed over in pieces into a folder of their own, which is emptied at the start. */
export function createImportFiles(folder: string, options: ImportOptions, mostBytes = MOST_GIVEN_BYTES): ImportFiles {
  const given = new Map<string, { readonly path: string; readonly name: string; bytes: number }>();
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
      given.set(id, { path, name, bytes: 0 });
      return id;
    },
    async append(id, bytes) {
      const file = of(id);
      const before = file.bytes;
      file.bytes += bytes.byteLength;
      if (file.bytes > mostBytes)
        throw new ImportError(
          'A file that a page hands over has at most 2 GB. Name this one on the command line: perpscope restore, merge or import.',
        );
      const isLookedAt = before === 0 || Math.floor(before / LOOK_EVERY_BYTES) < Math.floor(file.bytes / LOOK_EVERY_BYTES);
      if (isLookedAt && (roomAt(file.path)?.freeBytes ?? Infinity) < SPARED_BYTES) throw noRoom();
      await appendFile(file.path, bytes).catch(refuse);
    },
    pathOf: (id) => of(id).path,
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
  throw ['ENOSPC', 'EDQUOT'].includes(codeOf(error)) ? noRoom() : error;
}

const noRoom = (): ImportError => new ImportError('There is no room on the disk for the file. Free some space.');
