import { age } from '#domain/time.ts';
import { examine, type LeaseState, type SharedState, type VenueState } from '#node/postgres/doctor.ts';
import { placeOf, schemaOf, targetFrom } from '#node/postgres/target.ts';
import { type Answer, type Command, EXIT, EXIT_HELP } from './command.ts';
import { megabytes, utc } from './folder.ts';
import { parseFlags } from './flags.ts';
import { UsageError } from './usage.ts';

/** Older than this (or so far ahead) the newest observation of a venue is told as a fault: ten polls of the slowest pace. */
const LATE_S = 600;

const DOCTOR_HELP = `Usage: npm run -s perpscope -- doctor --store postgres://user@host:5432/database [flags]

Says how a desk's history stands: who records each venue and how long its lease still holds, how old the newest observation of each venue
is, the oldest stretch in which its settlements may be missing, and what history and database take. Reads only. The password comes as it
does for collect (docs/desk.md).

  --store ADDRESS   where the history is
  --demo            the demo's
  --json            the same as JSON
  --help            this text

Example: npm run -s perpscope -- doctor --store postgres://reader@db.example/perpscope --json

${EXIT_HELP}`;

const options = { store: { type: 'string' }, demo: { type: 'boolean' } } as const;

export const doctor: Command = {
  name: 'doctor',
  help: DOCTOR_HELP,
  async run(args): Promise<Answer> {
    const { store, demo = false } = parseFlags(args, options);
    if (store === undefined) throw new UsageError('--store names the history, as postgres://user@host:5432/database.');
    const target = targetFrom(store, process.env, 'perpscope doctor', true, schemaOf(demo));
    const state = await examine(target, Date.now);
    const faults = faultsOf(state, demo);
    return {
      data: { ...state, faults },
      text: () => textOf(placeOf(target), state),
      ...(faults.length > 0 && { exit: EXIT.incomplete, error: faults.join(' ') }),
    };
  },
};

const words = (seconds: number): string => age(seconds * 1000);

/** The demo's time runs faster than a clock: there ahead is no fault. */
export function faultsOf({ leases, venues }: SharedState, demo: boolean): string[] {
  const held = new Set(leases.filter(({ leftS }) => leftS >= 0).map(({ what }) => what));
  return venues.flatMap(({ venue, lagS }) => [
    ...(held.has(venue) ? [] : [`No collector records ${venue}.`]),
    ...(lagS > LATE_S ? [`The newest of ${venue} is ${words(lagS)} old.`] : []),
    ...(lagS < -LATE_S && !demo
      ? [`The newest of ${venue} is ${words(-lagS)} ahead of this machine's clock: this clock or its collector's is wrong.`]
      : []),
  ]);
}

function holderOf(lease: LeaseState | undefined): string {
  if (lease === undefined || lease.leftS < 0) return 'no collector';
  return `recorded by ${lease.holder}: its lease holds for ${words(lease.leftS)} more, holders so far: ${lease.epoch}`;
}

function holeWords(hole: VenueState['oldestHole']): string {
  return hole === null ? '' : `; oldest hole ${utc(hole.from)} to ${utc(hole.to)} (${hole.instrument})`;
}

function textOf(place: string, { leases, venues, historyBytes, databaseBytes, settledRows }: SharedState): string {
  const holders = new Map(leases.map((lease) => [lease.what, lease]));
  const lines = venues.map(({ venue, instruments, lagS, oldestHole }) => {
    const lease = holders.get(venue);
    const newest = lagS < 0 ? `${words(-lagS)} ahead of this machine's clock` : `${words(lagS)} ago`;
    return `${venue.padEnd(20)} ${String(instruments).padStart(5)} instruments, newest ${newest}, ${holderOf(lease)}${holeWords(oldestHole)}`;
  });
  const teller = holders.get('teller');
  return [
    `${place}: ${megabytes(historyBytes)} of the database's ${megabytes(databaseBytes)}, ${settledRows} settlements`,
    ...lines,
    ...(teller !== undefined && teller.leftS >= 0 ? [`alerts are told by ${teller.holder}`] : []),
  ].join('\n');
}
