import { homedir } from 'node:os';
import { join } from 'node:path';

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
  readonly logs: string;
}

export function dataPaths(dataDir: string, demo: boolean): DataPaths {
  const dir = demo ? join(dataDir, 'demo') : dataDir;
  return { dir, database: join(dir, demo ? 'demo.sqlite' : 'history.sqlite'), logs: join(dir, 'logs') };
}
