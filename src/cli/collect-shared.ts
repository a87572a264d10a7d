import { defaultSettings } from '#core/default-settings.ts';
import { venueOf } from '#domain/instrument.ts';
import { dataPaths } from '#node/data-dir.ts';
import { followPreferences } from '#node/followed-preferences.ts';
import { HistoryError } from '#node/history/errors.ts';
import { openLog } from '#node/log.ts';
import { type Shared, openShared } from '#node/postgres/shared.ts';
import { schemaOf, targetFrom } from '#node/postgres/target.ts';
import { allVenues, createVenues } from '#node/venues/index.ts';
import type { FigureServer } from './collect-figures.ts';
import type { CollectRequest } from './collect-args.ts';
import { folderOf } from './collecting.ts';
import { EXIT } from './command.ts';
import type { Io } from './io.ts';
import { over } from './over.ts';

const AGAIN_MS = 2_000;

type Record = (request: CollectRequest, io: Io, ending: AbortSignal, figures: FigureServer | null, shared: Shared) => Promise<number>;

/**
 * Records into a desk's history what no other collector records there. With every change of what that is the collector begins anew: all
 * that it knows comes from the history then, where another may have written.
 */
export async function collectShared(
  request: CollectRequest,
  store: string,
  io: Io,
  ending: AbortSignal,
  figures: FigureServer | null,
  record: Record,
): Promise<number> {
  const target = targetFrom(store, process.env, 'perpscope collector', false, schemaOf(request.demo !== null));
  const paths = dataPaths(folderOf(request), request.demo !== null);
  const log = openLog({ dir: paths.logs, name: 'shared.log' });
  const ended = new AbortController();
  void over(request.durationMs, ending).then(() => ended.abort());
  const { signal } = ended;
  let shared: Shared | null = null;
  let exit: number = EXIT.done;
  const say = (text: string): void => (request.json ? io.out(JSON.stringify({ event: 'notice', text })) : io.err(text));
  try {
    const venues = venuesOf(request, paths.dir);
    shared = await opened(() => openShared({ target, dir: paths.dir, venues, tells: request.alerts, log, now: Date.now }), say, signal);
    figures?.of(null, shared);
    const isOver = (): boolean => signal.aborted;
    while (shared !== null && !isOver()) {
      if (shared.venues().length === 0) await standBy(shared, say, signal);
      if (isOver()) break;
      const turn = new AbortController();
      void shared.changed(signal).then(() => turn.abort());
      for (const other of shared.others()) say(other);
      exit = await record({ ...request, durationMs: null }, io, turn.signal, figures, shared);
    }
    return exit;
  } finally {
    ended.abort();
    await shared?.close();
    await log.close();
  }
}

/** A machine may be up before its database is: that is said, and waited for. Null: it was ended meanwhile. */
async function opened(open: () => Promise<Shared>, say: (text: string) => void, signal: AbortSignal): Promise<Shared | null> {
  let told = '';
  while (!signal.aborted)
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof HistoryError && error.kind === 'busy')) throw error;
      if (error.user !== told) say(error.user);
      told = error.user;
      await over(AGAIN_MS, signal);
    }
  return null;
}

/** Waits until something is held. */
async function standBy(shared: Shared, say: (text: string) => void, signal: AbortSignal): Promise<void> {
  const told = setTimeout(() => {
    for (const other of shared.others()) say(other);
  }, 5_000);
  try {
    await shared.changed(signal);
  } finally {
    clearTimeout(told);
  }
}

function venuesOf({ venues, symbols, demo }: CollectRequest, dataDir: string): string[] {
  const defaults = defaultSettings(demo === null ? allVenues() : createVenues());
  const { current } = followPreferences({ dataDir, defaults, only: venues, also: symbols.map(venueOf) });
  return Object.entries(current.venues).flatMap(([id, { enabled }]) => (enabled ? [id] : []));
}
