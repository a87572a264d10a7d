import { resolve } from 'node:path';
import type { Instrument } from '#domain/instrument.ts';
import type { ArchivedReads } from '#node/archive/archived-reads.ts';
import { dataPaths, defaultDataDir } from '#node/data-dir.ts';
import { HistoryError } from '#node/history/errors.ts';
import { promisedReads } from '#node/history/promised-reads.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { schemaOf, targetFrom } from '#node/postgres/target.ts';
import type { StoredPlace } from './place.ts';
import { near, UsageError } from './usage.ts';

export interface OpenHistory {
  readonly history: ReturnType<typeof promisedReads>;
  /** The newest time that is known there: the demo's runs faster than this machine's, and a machine's clock may be behind the venues'. */
  readonly now: number;
  /** What of it could not be read, in sentences: asked once it was. */
  readonly missing: () => readonly string[];
}

/** Reads the history, also beside a running app. Throws UsageError where it cannot be read, or `asOf` has not come. */
export async function withStoredHistory<R>(place: StoredPlace, read: (open: OpenHistory) => Promise<R>): Promise<R> {
  const { asOf } = place;
  let now = Date.now();
  try {
    const history = await openAt(place, () => now);
    try {
      now = (await history.latest()).reduce((newest, { observedAt }) => Math.max(newest, observedAt), now);
      if (asOf !== null && asOf > now) throw new UsageError(`--as-of ${when(asOf)} has not come yet: it is ${when(now)} there.`);
      return await read({ history: promisedReads(history), now, missing: () => ('missing' in history ? history.missing() : []) });
    } finally {
      history.close();
    }
  } catch (error) {
    if (error instanceof HistoryError) throw new UsageError(error.user);
    throw error;
  }
}

async function openAt({ dataDir, demo, shared, archive }: StoredPlace, now: () => number): Promise<ReadonlyHistory | ArchivedReads> {
  if (shared !== null) {
    // Loaded only where it is asked for.
    const { openReadonly } = await import('#node/postgres/open-readonly.ts');
    return openReadonly({ target: targetFrom(shared, process.env, 'perpscope command', true, schemaOf(demo)), archive }, now);
  }
  const { database } = dataPaths(dataDir === null ? defaultDataDir(process.env) : resolve(dataDir), demo);
  return new ReadonlyHistory({ file: database, kind: demo ? 'demo' : 'live', now });
}

const when = (t: number): string => new Date(t).toISOString();

/** The instrument of a venue:symbol. Throws UsageError that names those that are like it. */
export function instrumentOf(id: string, known: readonly Instrument[], asOf: number | null): Instrument {
  const found = known.find((one) => one.id === id);
  if (found) return found;
  if (asOf !== null) throw new UsageError(`At ${when(asOf)} the history knew nothing of ${id}.`);
  const venues = [...new Set(known.map((one) => one.venue))];
  const [ofVenue, ofSymbol] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
  if (!venues.includes(ofVenue)) throw new UsageError(`The history has nothing of a venue "${ofVenue}"; it has ${venues.join(', ')}.`);
  const symbols = known.filter((one) => one.venue === ofVenue).map((one) => one.symbol);
  const alike = near(ofSymbol, symbols);
  throw new UsageError(
    `The history has no ${ofSymbol} of ${ofVenue}${alike.length > 0 ? `; there are ${alike.join(', ')}` : `, but ${symbols.length} others`}.`,
  );
}
