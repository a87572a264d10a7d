import { ROLES, type Role } from '#domain/import/columns.ts';
import type { ImportWishes } from '#domain/import/plan.ts';
import { parseArgs } from 'node:util';
import { EXIT_HELP } from './command.ts';
import { near, UsageError } from './usage.ts';

export const IMPORT_HELP = `Usage: npm run -s perpscope -- import FILE... --venue V [--symbol S] [flags] --yes

Takes settled rates, hourly prices and open interest of files into the local history: CSV (also .gz, or a .zip of one file), JSON, JSON lines
and Parquet; an exchange's public dumps and web exports, ccxt's rows, files of perpscope export, any other by --map. What the history holds
stays; another word of a file is kept beside it. Nothing is guessed: what a file leaves open is asked, and answered by a flag. Without --yes
nothing is written. The terminal must not be running on the folder (it has a panel for this).

Files of watchlists go into the lists: TradingView's text (EXCHANGE:BTCUSDT.P between commas, ### before a section), or CSV with a column symbol
and, as it has them, exchange, section and list. Nothing is taken out of a list; each refused entry has its number and reason.

  --venue V                the venue of the rows
  --symbol S               the instrument, as the venue spells it; of a file of several those that are wanted; NAME=S where the file spells it otherwise
  --map ROLE=COLUMN        which column is what, by its name or number; ROLE= takes one out. Roles: ${ROLES.join(', ')}
  --zone UTC               of times that say none: UTC, +08:00
  --dates day-first        of 01/02/2024: day-first or month-first
  --rates decimal          decimal (0.0001) or percent (0.01) are 0.01 %
  --interval stated        stated (by its column), derived (from the distances of settlements), or hours: 8
  --price mark             what a column of closes is: mark, index or last
  --candle 60              minutes of a candle whose time is its opening; 0 where times are closes
  --open-interest base     what open interest is counted in: base (coins), contracts, quote (money)
  --asset, --quote, --settle   of an instrument that is new here: coin, money, what it settles in
  --list NAME              the watchlist that entries of such a file go into, where it does not say one
  --dry-run                counts what would be added, and writes nothing
  --refused FILE           writes every refused line with its number and reason there, as CSV
  --json                   one answer as JSON, the refused lines in it
  --data-dir FOLDER        where the local history lives; --demo for the demo's
  --help                   this text

Example: npm run -s perpscope -- import BTCUSDT-fundingRate-2024-05.zip --venue binance --dry-run

${EXIT_HELP}`;

export interface ImportRequest {
  readonly files: readonly string[];
  readonly wishes: ImportWishes;
  readonly dry: boolean;
  readonly yes: boolean;
  readonly refused: string | null;
  /** The watchlist that entries go into; null: as the file says. */
  readonly list: string | null;
  readonly dataDir: string | null;
  readonly demo: boolean;
}

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;
const options = {
  venue: text,
  symbol: texts,
  map: texts,
  zone: text,
  dates: text,
  rates: text,
  interval: text,
  price: text,
  candle: text,
  'open-interest': text,
  asset: text,
  quote: text,
  settle: text,
  'dry-run': flag,
  yes: flag,
  refused: text,
  list: text,
  'data-dir': text,
  demo: flag,
} as const;

/** By the field of a question the flag that answers it. */
export const FLAG_OF: Readonly<Record<keyof ImportWishes, string>> = {
  venue: '--venue',
  symbols: '--symbol',
  columns: '--map',
  zone: '--zone',
  dates: '--dates',
  rates: '--rates',
  interval: '--interval',
  price: '--price',
  candleMinutes: '--candle',
  interest: '--open-interest',
  asset: '--asset',
  quote: '--quote',
  settle: '--settle',
};

/** Throws UsageError that says what to ask instead. */
export function readImportArgs(args: readonly string[]): ImportRequest {
  const { values, files } = parsed(args);
  if (files.length === 0) throw new UsageError('Name a file to import, as import --help shows.');
  const interval = values.interval;
  const wishes: ImportWishes = {
    venue: values.venue,
    symbols: values.symbol,
    columns: columnsOf(values.map ?? []),
    zone: values.zone,
    dates: oneOf('--dates', values.dates, ['day-first', 'month-first']),
    rates: oneOf('--rates', values.rates, ['decimal', 'percent']),
    interval: interval === undefined || interval === 'stated' || interval === 'derived' ? interval : hours(interval),
    price: oneOf('--price', values.price, ['mark', 'index', 'last']),
    candleMinutes: values.candle === undefined ? undefined : minutes(values.candle),
    interest: oneOf('--open-interest', values['open-interest'], ['base', 'contracts', 'quote']),
    asset: values.asset,
    quote: values.quote,
    settle: values.settle,
  };
  return {
    files,
    wishes: Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined)),
    dry: values['dry-run'] ?? false,
    yes: values.yes ?? false,
    refused: values.refused ?? null,
    list: values.list ?? null,
    dataDir: values['data-dir'] ?? null,
    demo: values.demo ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    const { values, positionals, tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
    const named: readonly string[] = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const once = Object.entries(options).filter(([, option]) => option.type === 'string' && !('multiple' in option));
    const twice = once.find(([name]) => named.indexOf(name) !== named.lastIndexOf(name));
    if (twice !== undefined) throw new UsageError(`--${twice[0]} is given twice.`);
    return { values, files: positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's first sentence names the flag; the others give advice that is of no use here.
    const flags = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(`${error.message.split(/\.\s|\.?\n/u)[0] ?? ''}. There are ${flags.join(', ')}.`);
  }
}

function oneOf<const T extends string>(name: string, value: string | undefined, of: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = of.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${name} is one of ${of.join(', ')}, not "${value}".`);
  return found;
}

function columnsOf(words: readonly string[]): Partial<Record<Role, string>> | undefined {
  if (words.length === 0) return undefined;
  const columns: Partial<Record<Role, string>> = {};
  for (const word of words.flatMap((one) => one.split(','))) {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(0, at));
    const role = ROLES.find((one) => one === name);
    if (at < 0 || role === undefined) {
      const [meant] = near(at < 0 ? word : name, ROLES, 1);
      throw new UsageError(
        `--map is ROLE=COLUMN, not "${word}".${meant === undefined ? '' : ` Did you mean ${meant}=...?`} Roles are ${ROLES.join(', ')}.`,
      );
    }
    columns[role] = word.slice(at + 1);
  }
  return columns;
}

function hours(text: string): number {
  const value = Number(text.replace(/h$/u, ''));
  if (value >= 1 && value <= 24) return value;
  throw new UsageError(`--interval is stated, derived or 1 to 24 hours, not "${text}".`);
}

function minutes(text: string): number {
  const value = text.endsWith('h') ? Number(text.slice(0, -1)) * 60 : Number(text.replace(/m(?:in)?$/u, ''));
  if (text !== '' && value >= 0 && value <= 1440) return value;
  throw new UsageError(`--candle is a number of minutes up to 1440, or 0, not "${text}".`);
}
