import { statSync } from 'node:fs';

/** Tells one file from another at the same path. */
export interface FileMark {
  readonly device: bigint;
  readonly number: bigint;
}

/** Null where nothing stands there or it may not be read. */
export function markOf(path: string): FileMark | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return { device: dev, number: ino };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** Some file systems number no files (0): there, standing at the path is all that can be asked. */
export const isSameFile = (a: FileMark, b: FileMark): boolean => a.number === b.number && (a.number === 0n || a.device === b.device);

/** What the path holds now is what it held then. */
export function isStill(path: string, then: FileMark | null): boolean {
  const now = markOf(path);
  return now !== null && then !== null && isSameFile(now, then);
}
