import { resolve } from 'node:path';
import { type DataPaths, dataPaths, defaultDataDir } from '#node/data-dir.ts';
import { CancelledError } from './command.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage.ts';

/** Flags of every command on a data folder. */
export const FOLDER_FLAGS = { 'data-dir': { type: 'string' }, demo: { type: 'boolean' } } as const;

export const FOLDER_HELP = `  --data-dir FOLDER    the data folder (default: your user's); --demo for the demo's in it
  --json               what was done, as JSON; --fields A,B only these fields of it
  --help               this text`;

export interface Folder {
  readonly paths: DataPaths;
  readonly demo: boolean;
  readonly kind: 'live' | 'demo';
}

export function folderOf(values: { readonly 'data-dir'?: string | undefined; readonly demo?: boolean | undefined }): Folder {
  const { 'data-dir': dataDir, demo = false } = values;
  if (dataDir === '') throw new UsageError('--data-dir needs the path of a folder.');
  return {
    paths: dataPaths(dataDir === undefined ? defaultDataDir(process.env) : resolve(dataDir), demo),
    demo,
    kind: demo ? 'demo' : 'live',
  };
}

/** Shows how far it is; throws CancelledError with `held` once the person has ended it. */
export function progressOn(io: Io, what: string, held: string, ending: AbortSignal): (done: number) => void {
  return (done) => {
    if (ending.aborted) throw new CancelledError(held);
    io.status?.(`${what}: ${Math.floor(100 * done)} %`);
  };
}

export const utc = (t: number): string => `${new Date(t).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
