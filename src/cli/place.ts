import { UsageError } from './usage.ts';

/** Which history, and what it had learnt by when. */
export interface StoredPlace {
  readonly dataDir: string | null;
  readonly demo: boolean;
  /** 'postgres://...' of a desk's history; null: the folder's. */
  readonly shared: string | null;
  /** Where that history's archived months lie; null: nowhere that was named. */
  readonly archive: string | null;
  /** Null: now. */
  readonly asOf: number | null;
}

/** Flags that say whose history is read. */
export const PLACE_FLAGS = {
  'data-dir': { type: 'string' },
  demo: { type: 'boolean' },
  history: { type: 'string' },
  archive: { type: 'string' },
} as const;

interface Values {
  readonly 'data-dir'?: string | undefined;
  readonly demo?: boolean | undefined;
  readonly history?: string | undefined;
  readonly archive?: string | undefined;
}

/** `both`: the folder holds something that is asked for beside a desk's history. Throws UsageError where two histories are named. */
export function placeFrom(
  { 'data-dir': dataDir, demo = false, history: shared, archive }: Values,
  both = false,
): Omit<StoredPlace, 'asOf'> {
  if (shared !== undefined && dataDir !== undefined && !both)
    throw new UsageError("--history names a desk's history and --data-dir a folder's: leave one of them out.");
  if (archive !== undefined && shared === undefined)
    throw new UsageError("--archive is where a desk's old months lie: name the desk's history with --history.");
  return { dataDir: dataDir ?? null, demo, shared: shared ?? null, archive: archive ?? null };
}
