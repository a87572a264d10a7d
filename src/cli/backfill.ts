import type { Collect } from '#core/collect/collect.ts';
import { isListed } from '#core/listings.ts';
import { type InstrumentId, venueOf } from '#domain/instrument.ts';
import type { Collector } from '#node/open-collector.ts';
import { chosen } from './collect.ts';
import type { CollectRequest } from './collect-args.ts';
import { openFor, runCollecting } from './collecting.ts';
import { EXIT, EXIT_HELP } from './command.ts';
import type { Io } from './io.ts';
import { over } from './over.ts';
import { UsageError } from './usage.ts';

/** Time between two lines where no terminal shows progress (real ms). */
const LINE_EVERY_MS = 60_000;

export const BACKFILL_HELP = `Usage: npm run -s perpscope -- backfill [flags]

Asks the venues for all settlements and prices that are missing, also for what was asked for lately, writes them and ends. Without --symbol,
--list or --all it fills the lists of the folder. A terminal on the same folder fills by itself: there the Coverage panel has a button.

  --symbol VENUE:NAME  one instrument, as binance:BTCUSDT; more by repeating it
  --list NAME          a list of the folder, more by repeating it
  --all                every instrument that the venues list
  --venue ID           one venue to ask, more by repeating it (default: those that are on in the folder's settings)
  --for TIME           at most so long: 90s, 30m, 12h or 7d
  --data-dir FOLDER    which data folder (default: your user's)
  --demo               the demo market instead of the venues; --demo-speed N how fast its time runs
  --json               a line of JSON for everything that happens, on standard output
  --help               this text

Example: npm run -s perpscope -- backfill --symbol binance:BTCUSDT --symbol hyperliquid:BTC

${EXIT_HELP}`;

/** Fills what is missing until nothing is left to ask, `ending` aborts or the time is over. Returns the exit code. */
export const runBackfill = (args: readonly string[], io: Io, ending: AbortSignal): Promise<number> =>
  runCollecting({ name: 'backfill', help: BACKFILL_HELP, run: fill }, args, io, ending);

async function fill(request: CollectRequest, io: Io, ending: AbortSignal): Promise<number> {
  let ids: ReadonlySet<InstrumentId> = new Set();
  const collector = await openFor(request, (wanted, of) => (ids = chosen(request, wanted, of)));
  const telling = tellerOf(request, io);
  const filled = new AbortController();
  const begun = new Set<InstrumentId>();
  try {
    const look = (): void => {
      begin(collector, ids, begun);
      telling.progress(collector.collect);
      if (isDone(collector.collect, ids, begun)) filled.abort();
    };
    collector.events.on('polled', look);
    collector.events.on('health', look);
    collector.events.on('tick', look);
    await collector.start();
    if (ids.size === 0 && !request.everything)
      throw new UsageError('The folder has no list with an instrument: say which with --symbol VENUE:NAME.');
    await over(request.durationMs, AbortSignal.any([ending, filled.signal]));
  } catch (error) {
    await collector.close().catch(() => undefined);
    throw error;
  }
  const faults = faultsOf(collector.collect, ids, begun);
  await collector.close();
  return telling.ended(faults, begun.size);
}

/** Begins with each as soon as its venue has listed it, or has answered without it. */
function begin({ collect }: Collector, ids: ReadonlySet<InstrumentId>, begun: Set<InstrumentId>): void {
  for (const id of ids) {
    const feed = collect.feeds.get(venueOf(id));
    const listing = collect.listings.get(id);
    if (begun.has(id) || listing === null || feed?.answers() !== true) continue;
    begun.add(id);
    feed.fill(listing.instrument);
  }
}

/** Nothing is at work, and what has not begun never will: its venue is off, or has answered without it. */
function isDone({ feeds, listings }: Collect, ids: ReadonlySet<InstrumentId>, begun: ReadonlySet<InstrumentId>): boolean {
  const isAwaited = (id: InstrumentId): boolean =>
    !begun.has(id) &&
    feeds.get(venueOf(id))?.settings().enabled === true &&
    (listings.get(id) !== null || listings.polls(venueOf(id)) === 0);
  return ![...ids].some(isAwaited) && [...feeds.values()].every((feed) => feed.health().filling.length === 0);
}

function faultsOf(collect: Collect, ids: ReadonlySet<InstrumentId>, begun: ReadonlySet<InstrumentId>): string[] {
  const { health, listings, reporter } = collect;
  const all = health();
  const venueOff = (id: InstrumentId): boolean => all.find((one) => one.id === venueOf(id))?.state === 'off';
  const never = [...ids].filter((id) => !begun.has(id));
  return [
    ...never.map((id) =>
      venueOff(id)
        ? `${id} was not asked for: its venue is off. --venue ${venueOf(id)} asks it.`
        : listings.get(id) === null && listings.polls(venueOf(id)) > 0
          ? `${id} is not listed by its venue and never was here.`
          : `${id} was not asked for: its venue did not answer.`,
    ),
    ...[...begun].flatMap((id) => {
      const listing = listings.get(id);
      return listing !== null && !isListed(listing)
        ? [`${id} is not listed any more: what its venue still serves of its past is there.`]
        : [];
    }),
    ...all.flatMap(({ filling }) => filling.map(({ instrument }) => `${instrument} is not filled to its end; run it again to go on.`)),
    ...all.flatMap(({ name, holes }) =>
      holes.map(
        ({ symbol, kind, from, to }) =>
          `${name} does not give ${kind === 'price' ? 'prices' : 'settlements'} of ${symbol} from ${from === null ? 'the beginning' : when(from)} to ${when(to)}.`,
      ),
    ),
    ...reporter.lost().map((what) => `Not everything could be written: it failed to ${what}.`),
  ];
}

const when = (t: number): string => `${new Date(t).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function tellerOf({ json }: CollectRequest, io: Io) {
  let told = '';
  let lineAt = -Infinity;
  return {
    progress({ health }: Collect): void {
      const all = health().flatMap(({ filling }) => filling);
      const done = all.map(({ instrument, leftMs, wholeMs }) => ({
        instrument,
        percent: wholeMs > 0 ? Math.floor(100 * (1 - leftMs / wholeMs)) : 0,
      }));
      const now = JSON.stringify(done);
      if (now === told || done.length === 0) return;
      told = now;
      if (json) {
        io.out(JSON.stringify({ event: 'filling', filling: done }));
        return;
      }
      const line = `filling ${done.length}: ${done
        .slice(0, 4)
        .map(({ instrument, percent }) => `${instrument} ${percent} %`)
        .join(' · ')}`;
      if (io.status) io.status(line);
      else if (performance.now() - lineAt >= LINE_EVERY_MS) {
        lineAt = performance.now();
        io.err(line);
      }
    },
    ended(faults: readonly string[], asked: number): number {
      const exit = faults.length === 0 ? EXIT.done : EXIT.incomplete;
      if (json) io.out(JSON.stringify({ event: 'ended', ok: exit === EXIT.done, exit, instruments: asked, faults }));
      else {
        for (const fault of faults) io.err(fault);
        if (faults.length === 0) io.err(`Everything that the venues serve of ${asked} instruments is there.`);
      }
      return exit;
    },
  };
}
