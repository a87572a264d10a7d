import type { Collect } from '#core/collect/collect.ts';
import { isListed } from '#core/listings.ts';
import { type InstrumentId, venueOf } from '#domain/instrument.ts';
import type { Collector } from '#node/open-collector.ts';
import type { Shared } from '#node/postgres/shared.ts';
import type { Wanted } from '#node/person/read-wanted.ts';
import { COLLECT_HELP, type CollectRequest } from './collect-args.ts';
import { type FigureServer, serveFigures } from './collect-figures.ts';
import { openFor, runCollecting } from './collecting.ts';
import { EXIT } from './command.ts';
import { over } from './over.ts';
import type { Io } from './io.ts';
import { near, UsageError } from './usage.ts';

/** Time between two lines where no terminal shows progress (real ms). */
const LINE_EVERY_MS = 60_000;

/** Records until `ending` aborts or the time is over. Returns the exit code; what went wrong is said in words. */
export const runCollect = (args: readonly string[], io: Io, ending: AbortSignal): Promise<number> =>
  runCollecting({ name: 'collect', help: COLLECT_HELP, run: collect }, args, io, ending);

async function collect(request: CollectRequest, io: Io, ending: AbortSignal): Promise<number> {
  const figures = request.figures === null ? null : await serveFigures(request.figures);
  try {
    if (request.store === null) return await record(request, io, ending, figures);
    // Loaded only when asked for: it brings the driver of the database.
    const { collectShared } = await import('./collect-shared.ts');
    return await collectShared(request, request.store, io, ending, figures, record);
  } finally {
    await figures?.close();
  }
}

async function record(
  request: CollectRequest,
  io: Io,
  ending: AbortSignal,
  figures: FigureServer | null,
  shared?: Shared,
): Promise<number> {
  const collector = await openFor(
    request,
    (wanted, of) => {
      const ids = chosen(request, wanted, of);
      of.reporter.state('what cannot be recorded', unrecorded(request, ids, of));
      return ids;
    },
    shared,
  );
  const telling = tell(collector, request, io, shared?.place ?? collector.dataDir);
  const end = (): Promise<string | null> => {
    telling.end();
    figures?.of(null, shared ?? null);
    return collector.close().then(() => null, String);
  };
  try {
    await collector.start();
    figures?.of(collector, shared ?? null);
    await over(request.durationMs, ending);
  } catch (error) {
    await end();
    throw error;
  }
  const absent = request.symbols.flatMap((id) => absence(id, collector.collect) ?? []);
  const failure = await end();
  const faults = faultsOf(collector.collect, absent, failure);
  for (const fault of faults) io.err(fault);
  telling.ended(faults, failure === null && collector.collect.reporter.lost().length === 0);
  return faults.length === 0 ? EXIT.done : EXIT.incomplete;
}

/** What is watched: what was asked for by name, and always what a terminal on the folder follows beyond its lists. */
export function chosen(
  request: Pick<CollectRequest, 'symbols' | 'lists' | 'everything'>,
  { lists, others }: Wanted,
  { listings }: Collect,
): ReadonlySet<InstrumentId> {
  const ids = new Set([...request.symbols, ...others]);
  if (request.everything) for (const one of listings.all()) if (isListed(one)) ids.add(one.instrument.id);
  const byDefault = request.everything || (request.symbols.length === 0 && request.lists === null);
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

/** Why observations of it cannot come, as a sentence; null: they can. */
function absence(id: InstrumentId, { listings }: Collect): string | null {
  const known = listings.get(id);
  if (known === null) return `${id} was never listed.`;
  if (isListed(known)) return null;
  const { delistedAt } = known.instrument;
  const since = delistedAt === null ? '' : `, since ${new Date(delistedAt).toISOString().slice(0, 10)}`;
  return `${id} is not listed any more${since}: what its venue still serves of its past is fetched, and nothing new can come.`;
}

/** What of that which is watched will not be recorded, once that is known; null: all of it will. */
function unrecorded({ symbols, everything }: CollectRequest, ids: ReadonlySet<InstrumentId>, collect: Collect): string | null {
  const { listings, health } = collect;
  const named = symbols.filter((id) => listings.get(id) !== null || listings.polls(venueOf(id)) > 0);
  const asked = new Set(health().flatMap(({ id, state }) => (state === 'off' ? [] : [id])));
  const idle = everything ? [] : [...ids].filter((id) => !asked.has(venueOf(id)));
  const venues = [...new Set(idle.map(venueOf))];
  const sentences = [
    ...named.flatMap((id) => absence(id, collect) ?? []),
    ...(idle.length === 0
      ? []
      : [
          `${idle.length} of the watched instruments are of venues that are not asked (${venues.join(', ')}): nothing of them is recorded. ` +
            'A terminal switches venues on, and --venue names those to ask.',
        ]),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}

function faultsOf({ health, listings, reporter }: Collect, absent: readonly string[], failure: string | null): string[] {
  const silent = health().filter(({ state, id }) => state !== 'off' && listings.polls(id) === 0);
  return [
    ...silent.map(({ name, error }) => `${name} never answered${error === null ? '' : `: ${error}`}`),
    ...absent,
    ...reporter.lost().map((what) => `Not everything could be written: it failed to ${what}.`),
    ...(failure === null ? [] : [`Not everything could be written: ${failure}`]),
  ];
}

interface Telling {
  end(): void;
  ended(faults: readonly string[], isWritten: boolean): void;
}

/** Progress: lines of JSON, one line that changes in place on a terminal, else a line a minute. Notices stand for themselves. */
function tell({ collect: of, events, dataDir }: Collector, { json, demo }: CollectRequest, io: Io, place: string): Telling {
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
  put('started', { dataDir, demo, ...(place !== dataDir && { store: place }) });
  if (!json) io.err(`Recording into ${place}. Ctrl-C ends it.`);
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
  events.on('entered', ({ title, body, instrument, severity = 'warning' }) => {
    put('alert', { title, body, instrument: instrument === '' ? null : instrument, severity });
    if (!json) io.err(`${title}: ${body}`);
  });
  events.on('notices', notices);
  return {
    end() {
      over = true;
    },
    ended(faults, isWritten) {
      put('ended', { ok: faults.length === 0, exit: faults.length === 0 ? EXIT.done : EXIT.incomplete, faults });
      if (!json && isWritten) io.err(`Ended; ${place} is written.`);
    },
  };
}
