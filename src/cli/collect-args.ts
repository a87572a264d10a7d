import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { instrumentIdText } from '#bridge/settings.ts';
import { type FiguresAt, figuresAt } from './collect-figures.ts';
import { near, UsageError } from './usage.ts';

export interface CollectRequest {
  readonly dataDir: string | null;
  /** 'postgres://...': it records there instead of into the folder. */
  readonly store: string | null;
  readonly demo: { readonly speed: number } | null;
  /** Null: those that the settings have on. */
  readonly venues: readonly string[] | null;
  readonly symbols: readonly string[];
  /** Names of lists; null: all of the person's. */
  readonly lists: readonly string[] | null;
  readonly everything: boolean;
  /** It tells what enters, and posts it. */
  readonly alerts: boolean;
  /** Real ms; null: until it is told to end. */
  readonly durationMs: number | null;
  readonly json: boolean;
  /** Where its figures can be read; null: nowhere. */
  readonly figures: FiguresAt | null;
}

export const COLLECT_HELP = `Usage: npm run -s perpscope -- collect [flags]

Records the markets into a data folder, without a window, until Ctrl-C (SIGINT), SIGTERM or the end of --for. A terminal can be opened
on the same folder meanwhile: it shows what is recorded, and what it follows is watched too. Without --symbol, --list or --all
it watches the lists of the folder. Of every instrument that the venues list the hours are kept; of watched ones every
observation, and their settled rates and prices are fetched.

  --data-dir FOLDER    where to record (default: your user's data folder)
  --venue ID           one venue to ask, more by repeating it (default: those that are on in the folder's settings)
  --symbol VENUE:NAME  one instrument to watch, as binance:BTCUSDT; more by repeating it. Its venue is asked also where the settings
                       have it off
  --list NAME          a list of the folder to watch, more by repeating it
  --all                watch every instrument that the venues list, and of others those of --symbol and of the lists
  --alerts             judge your alerts and thresholds as a terminal does, tell what enters here, and post it to your webhook; a terminal
                       on the folder then shows and acknowledges it, and tells nothing itself
  --for TIME           how long: 90s, 30m, 12h or 7d (default: until it is told to end)
  --store ADDRESS      record into a desk's PostgreSQL instead, as postgres://user@host:5432/database (docs/desk.md); the password comes from
                       PERPSCOPE_STORE_PASSWORD, or a file that PERPSCOPE_STORE_PASSWORD_FILE names. Of several collectors one records a
                       venue; the others stand by
  --metrics HOST:PORT  its figures in the Prometheus text format at http://HOST:PORT/metrics, on this machine's loopback alone: 127.0.0.1:9464
  --demo               the demo market instead of the venues, in the demo's own folder
  --demo-speed N       how many times faster than real time the demo runs (1 to 3600; default 60)
  --json               a line of JSON for everything that happens, on standard output
  --help               this text

Example: npm run -s perpscope -- collect --list Majors --for 12h
         npm run -s perpscope -- collect --alerts --json

Exit code: 0 it ended as asked and everything is on disk; 1 it ran, but a venue never answered, an instrument of --symbol was never
listed or is not any more, or something could not be written; 2 it was not asked as it can be; 3 another process records this folder; 4 the
folder or its history cannot be used.`;

const options = {
  'data-dir': { type: 'string' },
  venue: { type: 'string', multiple: true },
  symbol: { type: 'string', multiple: true },
  list: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  alerts: { type: 'boolean' },
  store: { type: 'string' },
  for: { type: 'string' },
  metrics: { type: 'string' },
  demo: { type: 'boolean' },
  'demo-speed': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Throws UsageError that names what exists: `live` venues, of which the demo market has those of `demoOnes`. Null: the help is asked for. */
export function readCollectArgs(
  args: readonly string[],
  live: readonly string[],
  demoOnes: readonly string[],
  command = 'collect',
): CollectRequest | null {
  const values = parse(args, command);
  if (values.help) return null;
  const { venue: venues = null, symbol: symbols = [], list: lists = null, all: everything = false, alerts = false, demo = false } = values;
  const venueIds = demo ? demoOnes : live;
  for (const id of venues ?? []) known(id, venueIds);
  for (const id of symbols) {
    if (!instrumentIdText.safeParse(id).success)
      throw new UsageError(`--symbol is a venue and its symbol, such as binance:BTCUSDT, not "${id}".`);
    known(id.slice(0, id.indexOf(':')), venueIds);
  }
  for (const id of symbols) {
    const venue = id.slice(0, id.indexOf(':'));
    if (venues !== null && !venues.includes(venue))
      throw new UsageError(`--symbol ${id} is of a venue that --venue leaves out: add --venue ${venue}, or leave --venue out.`);
  }
  if (everything && lists !== null) throw new UsageError('--all watches everything, what lists hold too: leave --list out.');
  if (values.store !== undefined && command !== 'collect')
    throw new UsageError(`--store is of collect: ${command} fills the history of a folder.`);
  if (alerts && command !== 'collect') throw new UsageError(`--alerts is of collect: ${command} tells nothing.`);
  if (values.metrics !== undefined && command !== 'collect') throw new UsageError(`--metrics is of collect: ${command} ends by itself.`);
  if (values['demo-speed'] !== undefined && !demo)
    throw new UsageError('--demo-speed sets the pace of the demo market: use it together with --demo.');
  const dataDir = values['data-dir'];
  if (dataDir === '') throw new UsageError('--data-dir needs the path of a folder.');
  return {
    dataDir: dataDir === undefined ? null : resolve(dataDir),
    store: values.store ?? null,
    demo: demo ? { speed: speedOf(values['demo-speed'] ?? '60') } : null,
    venues,
    symbols,
    lists,
    everything,
    alerts,
    durationMs: values.for === undefined ? null : durationOf(values.for),
    json: values.json ?? false,
    figures: values.metrics === undefined ? null : figuresAt(values.metrics),
  };
}

function parse(args: readonly string[], command: string) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message.split(/\.\s|\.?\n/u)[0] ?? ''}. ${command} --help lists the flags.`);
  }
}

function known(venue: string, all: readonly string[]): void {
  if (all.includes(venue)) return;
  const [meant] = near(venue, all, 1);
  throw new UsageError(`There is no venue "${venue}"${meant === undefined ? '' : `; did you mean ${meant}?`} Known are ${all.join(', ')}.`);
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})([smhd])$/u.exec(text) ?? [];
  const ms = Number(digits) * (UNITS[unit] ?? NaN);
  if (!(ms > 0)) throw new UsageError(`--for is a number with its unit, such as 90s, 30m, 12h or 7d, not "${text}".`);
  return ms;
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (text.trim() === '' || !(speed >= 1 && speed <= 3600)) throw new UsageError(`--demo-speed is a number from 1 to 3600, not "${text}".`);
  return speed;
}
