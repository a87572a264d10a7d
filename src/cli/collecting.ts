import type { Collect } from '#core/collect/collect.ts';
import type { Venue } from '#core/venue.ts';
import { type InstrumentId, venueOf } from '#domain/instrument.ts';
import { assertUsable, defaultDataDir } from '#node/data-dir.ts';
import { DEMO_SEED } from '#node/open-app.ts';
import { type Collector, openCollector } from '#node/open-collector.ts';
import type { Shared } from '#node/postgres/shared.ts';
import type { Wanted } from '#node/person/read-wanted.ts';
import { allVenues, createVenues } from '#node/venues/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type CollectRequest, readCollectArgs } from './collect-args.ts';
import { EXIT, failureOf } from './command.ts';
import type { Io } from './io.ts';

/** A command that runs a collector and tells of what happens while it does. */
export interface CollectingCommand {
  readonly name: 'collect' | 'backfill';
  readonly help: string;
  readonly run: (request: CollectRequest, io: Io, ending: AbortSignal) => Promise<number>;
}

const idsOf = (venues: readonly Venue[]): string[] => venues.map(({ id }) => id);

/** Returns the exit code; what went wrong is said in words, as the last line of JSON where that is asked for. */
export async function runCollecting(
  { name, help, run }: CollectingCommand,
  args: readonly string[],
  io: Io,
  ending: AbortSignal,
): Promise<number> {
  try {
    const request = readCollectArgs(args, idsOf(allVenues()), idsOf(createVenues()), name);
    if (request !== null) return await run(request, io, ending);
    io.out(help);
    return EXIT.done;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    io.err(failure.error);
    if (args.includes('--json')) io.out(JSON.stringify({ event: 'ended', ...failure, ok: false }));
    return failure.exit;
  }
}

/** Throws where it is no folder of ours. */
export function folderOf({ dataDir, demo }: CollectRequest): string {
  const folder = dataDir ?? defaultDataDir(process.env);
  assertUsable(folder, demo !== null);
  return folder;
}

/** The collector of a request, not started; `choose`: what is watched. */
export function openFor(
  request: CollectRequest,
  choose: (wanted: Wanted, of: Collect) => ReadonlySet<InstrumentId>,
  shared?: Shared,
): Promise<Collector> {
  const dataDir = folderOf(request);
  return openCollector({
    dataDir,
    demo: request.demo && { speed: request.demo.speed, seed: DEMO_SEED },
    version: packageJson.version,
    env: process.env,
    only: shared?.venues() ?? request.venues,
    ...(shared !== undefined && { shared }),
    alerts: request.alerts,
    also: shared === undefined ? request.symbols.map(venueOf) : [],
    choose,
  });
}
