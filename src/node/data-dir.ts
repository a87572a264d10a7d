import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { FlagError } from './flags.ts';

const FOLDER = 'Perpscope';

type Env = Readonly<Record<string, string | undefined>>;

/** The folder that Electron gives the app as `userData`, so that both shells find the same data. */
export function defaultDataDir(env: Env, platform: NodeJS.Platform = process.platform, home: string = homedir()): string {
  if (platform === 'win32') return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), FOLDER);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', FOLDER);
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), FOLDER);
}

export interface DataPaths {
  /** Holds everything below; the demo has a folder of its own, never mixed with real history. */
  readonly dir: string;
  readonly database: string;
  /** Lists, thresholds, alerts, scenarios and what was told, with all their versions. */
  readonly person: string;
  /** What was spent of the venues' limits. */
  readonly spending: string;
  readonly passwords: string;
  readonly webhookSecret: string;
  readonly logs: string;
}

export function dataPaths(dataDir: string, demo: boolean): DataPaths {
  const dir = demo ? join(dataDir, 'demo') : dataDir;
  return {
    dir,
    database: join(dir, demo ? 'demo.sqlite' : 'history.sqlite'),
    person: join(dir, 'person.sqlite'),
    spending: join(dir, 'limits.json'),
    passwords: join(dir, 'proxy-passwords.json'),
    webhookSecret: join(dir, 'webhook-secret.json'),
    logs: join(dir, 'logs'),
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isFullDisk = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Makes a folder and those above it. Node's own recursive way never returns where the system refuses with ENOENT, as /proc does. */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process was quicker.
    if (!isFolder(path)) throw error;
  }
}

/**
 * Throws FlagError for a --data-dir where nothing could be kept and nothing is to be shown. A folder that may only be read
 * but holds a history is shown, and a full disk is told by the history itself: both start.
 */
export function assertUsable(dataDir: string, demo: boolean): void {
  const { dir, database } = dataPaths(dataDir, demo);
  try {
    makeFolder(dir);
    const probe = join(dir, `.perpscope-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    if (isFullDisk(error) || existsSync(database)) return;
    throw new FlagError(`--data-dir ${dataDir} cannot be used: ${reasonOf(error)}. Choose a folder that you may write to.`);
  }
}
