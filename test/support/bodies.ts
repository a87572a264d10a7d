import { existsSync, readFileSync } from 'node:fs';

/** A body written for these tests, below test/contract/bodies. */
export const body = (name: string): string => readFileSync(new URL(`../contract/bodies/${name}`, import.meta.url), 'utf8');

const SHARED = new URL('../../../shared/', import.meta.url);

/** Real recordings beside the repository; a clone elsewhere has none. */
export const hasRecordings = existsSync(SHARED);
if (!hasRecordings) console.warn('No ../shared beside this repository: tests on recorded bodies are skipped.');

export const recording = (path: string): string => readFileSync(new URL(path, SHARED), 'utf8');

interface Sample {
  readonly method: string;
  readonly httpResponse: unknown;
}

/** The raw answer of one recorded request. */
export function sample(venue: string, method: string): string {
  const samples = JSON.parse(recording(`venue-samples/${venue}.json`)) as Sample[];
  const found = samples.find((entry) => entry.method === method);
  if (found === undefined) throw new Error(`no recording of ${method} on ${venue}`);
  return JSON.stringify(found.httpResponse);
}

export interface Settlement {
  readonly stamp: number;
  readonly rate: string;
  readonly mark: string;
}

/** A recorded year of settlements, oldest first. */
export function settlements(path: string): Settlement[] {
  const [, ...lines] = recording(`data/${path}`).trim().split('\n');
  return lines.map((line) => {
    const [stamp = '', rate = '', , mark = ''] = line.trim().split(',');
    return { stamp: Number(stamp), rate, mark };
  });
}
