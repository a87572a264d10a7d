import type { Collect } from '#core/collect/collect.ts';
import { isListed } from '#core/market.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { assertUsable, defaultDataDir } from '#node/data-dir.ts';
import { FlagError } from '#node/flags.ts';
import { HistoryError } from '#node/history/errors.ts';
import { LockedError } from '#node/lock.ts';
import { type Collector, openCollector } from '#node/open-collector.ts';
import { DEMO_SEED } from '#node/open-app.ts';
import type { Wanted } from '#node/person/read-wanted.ts';
import { VenueUrlError } from '#node/venue-urls.ts';
import { allVenues } from '#node/venues/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { COLLECT_HELP, type CollectRequest, readCollectArgs } from './collect-args.ts';
import type { Io } from './io.ts';
import { near, UsageError } from './usage.ts';

export const EXIT = { done: 0, incomplete: 1, usage: 2, locked: 3, unusable: 4 } as const;

/** Time between two lines where no terminal shows progress (real ms). */
const LINE_EVERY_MS = 60_000;

/** Records until `ending` aborts or the time is over. Returns the exit code; what went wrong is said in words. */
export async function runCollect(args: readonly string[], io: Io, ending: AbortSignal): Promise<number> {
  try {
    const request = readCollectArgs(
      args,
      allVenues().map(({ id }) => id),
    );
    if (request !== null) return await collect(request, io, ending);
    io.out(COLLECT_HELP);
    return EXIT.done;
  } catch (error) {
    const code = exitOf(error);
    if (code === null) throw error;
    io.err(error instanceof HistoryError ? error.user : (error as Error).message);
    return code;
  }
}

function exitOf(error: unknown): number | null {
  if (error instanceof UsageError || error instanceof VenueUrlError) return EXIT.usage;
  if (error instanceof LockedError) return EXIT.locked;
  return error instanceof HistoryError || error instanceof FlagError ? EXIT.unusable : null;
}

async function collect(request: CollectRequest, io: Io, ending: AbortSignal): Promise<number> {
  const dataDir = request.dataDir ?? defaultDataDir(process.env);
  assertUsable(dataDir, request.demo !== null);
  const collector = await openCollector({
    dataDir,
    demo: request.demo && { speed: request.demo.speed, seed: DEMO_SEED },
    version: packageJson.version,
    env: process.env,
    only: request.venues,
    choose: (wanted, of) => chosen(request, wanted, of),
  });
  const telling = tell(collector, request, io);
  const end = (): Promise<string | null> => {
    telling.end();
    return collector.close().then(() => null, String);
  };
  try {
    await collector.start();
    await over(request.durationMs, ending);
  } catch (error) {
    await end();
    throw error;
  }
  const listed = new Set(request.symbols.filter((id) => collector.collect.market.get(id) !== null));
  const failure = await end();
  const faults = faultsOf(collector.collect, request, listed, failure);
  for (const fault of faults) io.err(fault);
  telling.ended(faults, failure === null && collector.collect.reporter.lost().length === 0);
  return faults.length === 0 ? EXIT.done : EXIT.incomplete;
}

/** What is watched: what was asked for by name, and always what a terminal on the folder follows beyond its lists. */
function chosen(request: CollectRequest, { lists, others }: Wanted, { market }: Collect): ReadonlySet<InstrumentId> {
  if (request.everything) return new Set([...market.all()].filter(isListed).map(({ instrument }) => instrument.id));
  const ids = new Set([...request.symbols, ...others]);
  const byDefault = request.symbols.length === 0 && request.lists === null;
  const names = new Set(request.lists ?? []);
  for (const name of names)
    if (!lists.some((list) => list.name === name)) {
      const alike = near(
        name,
        lists.map((list) => list.name),
      );
      throw new UsageError(
        `The folder has no list "${name}"${alike.length > 0 ? `; there ${alike.length === 1 ? 'is' : 'are'} ${alike.join(', ')}` : ''}.`,
      );
    }
  for (const list of lists) if (byDefault || names.has(list.name)) list.items.forEach((id) => ids.add(id));
  return ids;
}

function over(durationMs: number | null, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ending.aborted) {
      resolve();
      return;
    }
    // A Node timer holds at most 24.8 days.
    const until = durationMs === null ? Infinity : Date.now() + durationMs;
    let timer: NodeJS.Timeout | null = null;
    const wait = (): void => {
      const left = until - Date.now();
      if (left <= 0) resolve();
      else if (left < Infinity) timer = setTimeout(wait, Math.min(left, 86_400_000));
    };
    ending.addEventListener('abort', () => {
      if (timer !== null) clearTimeout(timer);
      resolve();
    });
    wait();
  });
}

function faultsOf(
  { health, market, reporter }: Collect,
  { symbols }: CollectRequest,
  listed: ReadonlySet<InstrumentId>,
  failure: string | null,
): string[] {
  const silent = health().filter(({ state, id }) => state !== 'off' && market.polls(id) === 0);
  return [
    ...silent.map(({ name, error }) => `${name} never answered${error === null ? '' : `: ${error}`}`),
    ...symbols.filter((id) => !listed.has(id)).map((id) => `${id} was never listed.`),
    ...reporter.lost().map((what) => `Not everything could be written: it failed to ${what}.`),
    ...(failure === null ? [] : [`Not everything could be written: ${failure}`]),
  ];
}

interface Telling {
  end(): void;
  ended(faults: readonly string[], isWritten: boolean): void;
}

/** Progress: lines of JSON, one line that changes in place on a terminal, else a line a minute. Notices stand for themselves. */
function tell({ collect: of, events, dataDir }: Collector, { json, demo }: CollectRequest, io: Io): Telling {
  let notes: readonly string[] = [];
  /** Of each venue, as it was told last. */
  const states = new Map<string, string>();
  let lineAt = -Infinity;
  let over = false;
  const put = (event: string, fields: Readonly<Record<string, unknown>>): void => {
    if (json) io.out(JSON.stringify({ at: Math.round(of.utc()), event, ...fields }));
  };
  const status = (): string => {
    const venues = of.health().filter(({ state }) => state !== 'off');
    const parts = venues.map(({ name, state, instruments, backfilling }) => {
      const fetching = backfilling > 0 ? `, history of ${backfilling} to fetch` : '';
      return state === 'healthy' ? `${name} ${instruments}${fetching}` : `${name} ${state}`;
    });
    return `${new Date(of.utc()).toISOString().slice(0, 19).replace('T', ' ')} UTC  ${parts.join(' · ')}`;
  };
  const progress = (): void => {
    if (json || over) return;
    if (io.status) io.status(status());
    else if (performance.now() - lineAt >= LINE_EVERY_MS) {
      lineAt = performance.now();
      io.err(status());
    }
  };
  const notices = (): void => {
    const before = notes;
    notes = of.notices();
    // One that was over and comes again is told again.
    for (const notice of notes) {
      if (before.includes(notice)) continue;
      put('notice', { text: notice });
      if (!json) io.err(notice);
    }
  };
  put('started', { dataDir, demo });
  if (!json) io.err(`Recording into ${dataDir}. Ctrl-C ends it.`);
  events.on('polled', ({ venue, whole }) => {
    const { instruments = 0, backfilling = 0 } = of.health().find(({ id }) => id === venue) ?? {};
    put('polled', { venue, instruments, whole, toFetch: backfilling });
    progress();
  });
  events.on('stored', ({ instrument, recent }) => put('stored', { instrument, recent }));
  events.on('health', () => {
    for (const { id, state, error, nextTryAt } of of.health()) {
      const now = JSON.stringify([state, error]);
      if (states.get(id) === now) continue;
      states.set(id, now);
      put('health', { venue: id, state, error, nextTryAt });
    }
    if (io.status) progress();
  });
  events.on('notices', notices);
  return {
    end() {
      over = true;
    },
    ended(faults, isWritten) {
      put('ended', { faults });
      if (!json && isWritten) io.err(`Ended; ${dataDir} is written.`);
    },
  };
}
