import { readFileSync } from 'node:fs';
import { run } from '../../src/cli/run.ts';

export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command line in this process, as a person would type it: what it ends with, and what it prints. */
export async function ask(...args: readonly string[]): Promise<Told> {
  let [out, err] = ['', ''];
  const code = await run(args, {
    read: (file) => Promise.resolve(readFileSync(file ?? '', 'utf8')),
    out: (text) => (out += `${text}\n`),
    err: (text) => (err += `${text}\n`),
  });
  return { code, out, err };
}

/** Of what was printed with `--json`. */
export const dataOf = ({ out }: Told): unknown => (JSON.parse(out) as { data: unknown }).data;
