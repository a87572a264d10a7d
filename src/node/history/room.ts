import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './errors.ts';

export interface Room {
  readonly freeBytes: number;
  readonly diskBytes: number;
}

/** Less than this, on a disk of which it is less than a tenth, is nearly full. */
const LOW_BYTES = 500 * 1024 * 1024;
const LOW_SHARE = 0.1;
const MEASURE_EVERY_MS = 60_000;

/** Room on the disk that holds the file; null where the system does not say. */
export function roomAt(file: string): Room | null {
  try {
    const { bavail, blocks, bsize } = statfsSync(dirname(file));
    return { freeBytes: bavail * bsize, diskBytes: blocks * bsize };
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return null;
  }
}

/** Whether the disk is nearly full, looked at once a minute at most. */
export class RoomWatch {
  readonly #measure: () => Room | null;
  #measuredAt = -Infinity;
  #room: Room | null = null;

  constructor(measure: () => Room | null) {
    this.#measure = measure;
  }

  /** The room that is left where it is low, else null. `now` in ms; a clock set back is taken as it is. */
  low(now: number): Room | null {
    if (Math.abs(now - this.#measuredAt) >= MEASURE_EVERY_MS) {
      this.#measuredAt = now;
      this.#room = this.#measure();
    }
    const room = this.#room;
    return room && room.freeBytes < LOW_BYTES && room.freeBytes < room.diskBytes * LOW_SHARE ? room : null;
  }
}
