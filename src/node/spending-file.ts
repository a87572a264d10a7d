import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Log } from '#core/ports/log.ts';
import type { Spending, SpendingLedger } from '#core/ports/spending.ts';

const format = z.record(z.string(), z.array(z.object({ bucket: z.string(), at: z.number(), units: z.number().min(0) })));

/**
 * What was spent of the limits of exchange hosts, in a small file that is written whole and renamed into place. It is handed to the
 * system, not forced onto the disk: a kill loses nothing, and a machine that loses its power takes longer to come back than
 * a limit lasts.
 */
export function openSpendingFile(file: string, log: Log): SpendingLedger {
  let known = read();
  let failed = false;

  function read(): Record<string, readonly Spending[]> | null {
    try {
      return format.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return {};
      log.write('warn', 'limits', `${file} cannot be read: venues are asked as if their limits were just spent`, { error: String(error) });
      return null;
    }
  }

  return {
    spent: (host) => (known === null ? null : (known[host] ?? [])),
    keep(host, spent) {
      known = { ...known, [host]: spent };
      const unfinished = `${file}.new`;
      try {
        writeFileSync(unfinished, JSON.stringify(known));
        renameSync(unfinished, file);
        failed = false;
      } catch (error) {
        if (!failed)
          log.write('warn', 'limits', `${file} cannot be written: the next start will not know what was asked`, { error: String(error) });
        failed = true;
      }
    },
  };
}
