import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Log } from '#core/ports/log.ts';
import { saveFile } from '../export/save-file.ts';

const format = z.object({ sequence: z.int().min(0) });

/** The newest manifest that this folder has seen: an older one that is answered later is a replay. */
export interface Seen {
  read(): number;
  keep(sequence: number): Promise<void>;
}

export function openSeen(file: string, log: Log): Seen {
  let newest = 0;
  return {
    read() {
      try {
        newest = Math.max(newest, format.parse(JSON.parse(readFileSync(file, 'utf8'))).sequence);
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isMissing) log.write('warn', 'updates', `${file} cannot be read: what was seen before this run is not known`, { error });
      }
      return newest;
    },
    async keep(sequence) {
      newest = Math.max(newest, sequence);
      // This run knows it anyway; expiry bounds what a later run may be told again.
      await saveFile(file, JSON.stringify({ sequence: newest })).catch((error: unknown) =>
        log.write('warn', 'updates', `${file} cannot be written`, { error }),
      );
    },
  };
}
