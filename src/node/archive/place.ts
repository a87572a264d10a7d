import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HistoryError, messageOf } from '../history/errors.ts';

/** Where an archive lies. Everything rejects with HistoryError where the place cannot be reached. */
export interface ArchivePlace {
  /** As a person reads it; it holds no secret. */
  readonly name: string;
  /** Null: there is none. */
  get(path: string): Promise<Uint8Array | null>;
  /** Bytes [from, to) of a file that is there. */
  part(path: string, from: number, to: number): Promise<Uint8Array>;
  /** The whole file is there afterwards, or what was there before. */
  put(path: string, bytes: Uint8Array): Promise<void>;
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

export const unreachable = (name: string, error: unknown): HistoryError =>
  new HistoryError('busy', `The archive at ${name} cannot be reached: ${messageOf(error)}.`);

/** A folder on this machine, or one that it has mounted. */
export function folderPlace(folder: string): ArchivePlace {
  const root = resolve(folder);
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof HistoryError ? error : unreachable(root, error);
    }
  };
  return {
    name: root,
    get: (path) =>
      told(() =>
        readFile(join(root, path)).catch((error: unknown) => {
          if (isMissing(error)) return null;
          throw error;
        }),
      ),
    part: (path, from, to) =>
      told(async () => {
        const file = await open(join(root, path));
        try {
          const bytes = new Uint8Array(to - from);
          const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
          if (bytesRead !== bytes.length) throw new Error(`${path} is shorter than it was`);
          return bytes;
        } finally {
          await file.close();
        }
      }),
    put: (path, bytes) =>
      told(async () => {
        const whole = join(root, path);
        // One archives at a time: what a killed one left under this name is written over.
        const part = `${whole}.part`;
        await mkdir(dirname(whole), { recursive: true });
        const file = await open(part, 'w');
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(part, whole);
        await synced(dirname(whole));
      }),
  };
}

/** The name is on disk too. Windows keeps no folder open. */
async function synced(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
