import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { VenueId } from '#domain/instrument.ts';
import { connectReadonly } from './connection.ts';
import { codeOf, HistoryError } from './errors.ts';
import { listBackups } from '../backup/make.ts';
import { formerBackupOf } from './open-file.ts';
import { readableAt } from './readable-copy.ts';

/** Venues of which the history ever recorded an instrument; those of a backup where the file itself cannot be read, none where that cannot either. */
export function recordedVenues(file: string): VenueId[] {
  for (const path of [file, ...listBackups(dirname(file)).map((one) => one.path), formerBackupOf(file)]) {
    const venues = existsSync(path) ? venuesIn(path) : null;
    if (venues !== null) return venues;
  }
  return [];
}

function venuesIn(file: string): VenueId[] | null {
  try {
    const readable = readableAt(file);
    try {
      const db = connectReadonly(readable.path);
      try {
        return db.prepare<[], VenueId>('SELECT DISTINCT venue FROM instruments ORDER BY venue').pluck().all();
      } finally {
        db.close();
      }
    } finally {
      readable.release();
    }
  } catch (error) {
    // What is the matter with the file is told, and put right, where it is opened.
    if (codeOf(error) === '' && !(error instanceof HistoryError)) throw error;
    return null;
  }
}
