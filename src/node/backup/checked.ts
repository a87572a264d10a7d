import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf } from '../history/errors.ts';

const result = z.object({ at: z.number(), damage: z.string().nullable() }).nullable().default(null);
const shape = z.object({ quick: result, full: result });
/** When the files were looked at last, and what was found. */
export type Checks = z.infer<typeof shape>;

const pathOf = (dir: string): string => join(dir, 'checks.json');

export function readChecks(dir: string): Checks {
  try {
    return shape.parse(JSON.parse(readFileSync(pathOf(dir), 'utf8')));
  } catch (error) {
    // Absent, or no JSON of ours: then nothing is known of a check, and the next one writes it.
    if (error instanceof SyntaxError || error instanceof z.ZodError || codeOf(error) === 'ENOENT') return { quick: null, full: null };
    throw error;
  }
}

export function keepCheck(dir: string, which: keyof Checks, at: number, damage: string | null): void {
  const path = pathOf(dir);
  writeFileSync(`${path}.new`, JSON.stringify({ ...readChecks(dir), [which]: { at, damage } }));
  renameSync(`${path}.new`, path);
}
