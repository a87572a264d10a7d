import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ReleasedFile, UpdateError } from './manifest.ts';

/**
 * Puts a new AppImage in the place of the running one: downloaded beside it, checked, and renamed over it when the app ends. A running
 * program keeps the file that it was started from, and a rename is whole or not at all: whatever fails, the old version starts.
 */
export interface Installer {
  /** Writes what was downloaded once its size and hash are those that were signed. */
  prepare(file: ReleasedFile, content: Uint8Array): Promise<void>;
  /** For the end of the app: true where the new version starts next. */
  install(): Promise<boolean>;
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

export function createInstaller(running: string): Installer {
  const next = `${running}.next`;
  let ready: ReleasedFile | null = null;
  return {
    async prepare(file, content) {
      ready = null;
      if (content.byteLength !== file.bytes || hashOf(content) !== file.sha256)
        throw new UpdateError(`${file.name} did not arrive as it was signed (${content.byteLength} of ${file.bytes} bytes).`);
      try {
        await access(dirname(running), constants.W_OK);
        await rm(next, { force: true });
        const handle = await open(next, 'wx', 0o755);
        try {
          await handle.writeFile(content);
          await handle.sync();
        } finally {
          await handle.close();
        }
      } catch (error) {
        await rm(next, { force: true });
        if (FULL.has(codeOf(error)))
          throw new UpdateError(`The disk of ${dirname(running)} has no room for ${file.name} (${Math.ceil(file.bytes / 1e6)} MB).`);
        throw new UpdateError(`${file.name} cannot be written beside ${running} (${codeOf(error)}).`);
      }
      ready = file;
    },
    async install() {
      if (ready === null) return false;
      // What lay on the disk meanwhile is checked again: it is about to be run.
      if (hashOf(await readFile(next)) !== ready.sha256) {
        await rm(next, { force: true });
        return false;
      }
      await chmod(next, 0o755);
      await rename(next, running);
      ready = null;
      return true;
    },
  };
}
