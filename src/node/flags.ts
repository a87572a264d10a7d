import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What a person may ask at the start; the launcher, the loopback host and the desktop shell read the same flags. */
export interface Flags {
  readonly browser: boolean;
  readonly open: boolean;
  /** null: any free one. */
  readonly port: number | null;
  /** Absolute; null: the default of the platform. */
  readonly dataDir: string | null;
  readonly demo: { readonly speed: number } | null;
  /** 'postgres://...': a desk's history; null: the folder's. */
  readonly history: string | null;
  /** Where that history's archived months lie; null: nowhere that was named. */
  readonly archive: string | null;
  readonly help: boolean;
}

/** `message` is for the person. */
export class FlagError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FlagError';
  }
}

const DEFAULT_DEMO_SPEED = 60;
const MAX_DEMO_SPEED = 3600;

export const FLAG_HELP = `Usage: npm start -- [flags]      the terminal on live venues
       npm run demo -- [flags]   the same on the embedded demo market, no network

  --browser            open in the browser instead of the desktop window
  --no-open            do not open the browser, only print the address
  --port <number>      port of the browser host on 127.0.0.1 (default: any free one)
  --data-dir <folder>  where history, settings and logs live (default: your user's data folder)
  --history <address>  show a desk's history in PostgreSQL, as postgres://reader@host:5432/database, read only (docs/desk.md)
  --archive <place>    read that history's archived months from this folder or s3://bucket/prefix
  --demo               use the demo market
  --demo-speed <n>     how many times faster than real time the demo runs (default ${DEFAULT_DEMO_SPEED}: an hour a minute)
  --help               this text`;

const options = {
  browser: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  history: { type: 'string' },
  archive: { type: 'string' },
  demo: { type: 'boolean' },
  'demo-speed': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cwd` resolves a relative --data-dir. Throws FlagError that names the flag. */
export function parseFlags(args: readonly string[], cwd: string): Flags {
  const { values } = parse(args);
  const demo = values.demo ?? false;
  const speed = values['demo-speed'];
  if (speed !== undefined && !demo) throw new FlagError('--demo-speed sets the pace of the demo market: use it together with --demo.');
  const dataDir = values['data-dir'];
  if (values.archive !== undefined && values.history === undefined)
    throw new FlagError("--archive is where a desk's old months lie: use it together with --history.");
  if (dataDir === '') throw new FlagError('--data-dir needs the path of a folder.');
  return {
    browser: values.browser ?? false,
    open: !(values['no-open'] ?? false),
    port: values.port === undefined ? null : portOf(values.port),
    dataDir: dataDir === undefined ? null : resolve(cwd, dataDir),
    history: values.history ?? null,
    archive: values.archive ?? null,
    demo: demo ? { speed: speed === undefined ? DEFAULT_DEMO_SPEED : speedOf(speed) } : null,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's first sentence names the flag; the others give advice that is of no use here.
    throw new FlagError(`${error.message.split(/\.\s|\.?\n/u)[0] ?? ''}. --help lists the flags.`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/u.test(text) || port > 65535) throw new FlagError(`--port is a number from 0 to 65535 (0: any free one), not "${text}".`);
  return port;
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (text.trim() === '' || !(speed >= 1 && speed <= MAX_DEMO_SPEED)) {
    throw new FlagError(`--demo-speed is a number from 1 to ${MAX_DEMO_SPEED}, not "${text}".`);
  }
  return speed;
}
