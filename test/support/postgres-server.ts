import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const LIB = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root: then it is this user's. */
const USER = 'nobody';

/** Where Debian has the newest server of 15 or more; null: there is none. */
function binaries(): string | null {
  if (!existsSync(LIB)) return null;
  const versions = readdirSync(LIB)
    .map(Number)
    .filter((version) => version >= 15);
  const found = versions
    .sort((a, b) => b - a)
    .map((version) => join(LIB, String(version), 'bin'))
    .find((dir) => existsSync(join(dir, 'initdb')));
  return found ?? null;
}

export const hasPostgres = binaries() !== null;
if (!hasPostgres) console.warn('SKIPPED: no PostgreSQL of 15 or newer (apt-get install postgresql): nothing of the desk is tested.');

export interface PostgresServer {
  readonly port: number;
  readonly dir: string;
  /** 'postgres://...' of a database of its own. */
  newDatabase(): string;
  sql(database: string, text: string): string;
  stop(mode?: 'fast' | 'immediate'): void;
  start(): void;
  close(): void;
}

/** A server of the test's own on loopback, in a folder of its own, gone with it. Nothing is synced: it need not outlive the machine. */
export async function startPostgres(
  settings: (dir: string) => readonly string[] = () => [],
  files: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === null) throw new Error('there is no PostgreSQL');
  const dir = mkdtempSync(join(tmpdir(), 'perpscope-postgres-'));
  const isRoot = userInfo().uid === 0;
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dir, name), text, { mode: 0o600 });
    if (isRoot) chownSync(join(dir, name), Number(execFileSync('id', ['-u', USER])), Number(execFileSync('id', ['-g', USER])));
  }
  if (isRoot) chownSync(dir, Number(execFileSync('id', ['-u', USER])), Number(execFileSync('id', ['-g', USER])));
  const run = (program: string, args: readonly string[]): string => {
    const [file, all] = isRoot ? ['runuser', ['-u', USER, '--', join(bin, program), ...args]] : [join(bin, program), [...args]];
    return execFileSync(file, all, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const data = join(dir, 'data');
  run('initdb', ['-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']);
  const port = await freePort();
  const options = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=`,
    'fsync=off',
    'autovacuum=off',
    'full_page_writes=off',
    'shared_buffers=32MB',
    ...settings(dir),
  ];
  const start = (): void => {
    const args = [
      '-D',
      data,
      '-w',
      '-l',
      join(dir, 'log'),
      '-o',
      options.map((option) => `-c ${option.includes(' ') ? `'${option}'` : option || "''"}`).join(' '),
    ];
    // The server must not inherit what this process waits on.
    execFileSync(isRoot ? 'runuser' : join(bin, 'pg_ctl'), [...(isRoot ? ['-u', USER, '--', join(bin, 'pg_ctl')] : []), ...args, 'start'], {
      cwd: dir,
      stdio: 'ignore',
    });
  };
  const stop = (mode: 'fast' | 'immediate' = 'fast'): void => void run('pg_ctl', ['-D', data, '-w', '-m', mode, 'stop']);
  const sql = (database: string, text: string): string =>
    execFileSync('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', 'owner', '-AtX', '-v', 'ON_ERROR_STOP=1', '-c', text, database], {
      encoding: 'utf8',
    }).trim();
  start();
  let databases = 0;
  let isUp = true;
  return {
    port,
    dir,
    newDatabase() {
      const name = `desk${++databases}`;
      sql('postgres', `CREATE DATABASE ${name}`);
      return `postgres://owner@127.0.0.1:${port}/${name}`;
    },
    sql,
    stop(mode) {
      stop(mode);
      isUp = false;
    },
    start() {
      start();
      isUp = true;
    },
    close() {
      try {
        if (isUp) stop('immediate');
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
