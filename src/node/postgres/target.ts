import { readFileSync, statSync } from 'node:fs';
import { HistoryError } from '../history/errors.ts';
import type { Target } from './wire.ts';

/** Where passwords come from: never from the command line, which everyone on the machine can read. */
const PASSWORD = ['PERPSCOPE_STORE_PASSWORD', 'PGPASSWORD'] as const;
export const PASSWORD_FILE = 'PERPSCOPE_STORE_PASSWORD_FILE';
/** As `docs/desk-roles.sql` has it for its roles. */
export const STATEMENT_MS = 30_000;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The demo's and the real history never lie in one place. */
export const schemaOf = (isDemo: boolean): string => (isDemo ? 'perpscope_demo' : 'perpscope');

type Env = Readonly<Record<string, string | undefined>>;

const unusable = (why: string): HistoryError => new HistoryError('failed', why);

/** Reads `postgres://user@host:port/database?schema=name&sslrootcert=file`; HistoryError with what is wrong about it. */
export function targetFrom(text: string, env: Env, name: string, readOnly: boolean, defaultSchema = schemaOf(false)): Target {
  const url = URL.parse(text);
  if (url === null || !/^postgres(?:ql)?:$/u.test(url.protocol) || url.hostname === '')
    throw unusable('The store is named as postgres://user@host:5432/database.');
  if (url.password !== '')
    throw unusable(
      `A password in an address can be read by everyone on this machine: leave it out, and give it in ${PASSWORD[0]} or in a file that ${PASSWORD_FILE} names.`,
    );
  const { hostname, port, pathname, username, searchParams } = url;
  for (const key of searchParams.keys())
    if (key !== 'schema' && key !== 'sslrootcert') throw unusable(`Of an address schema and sslrootcert can be said, not "${key}".`);
  const database = decodeURIComponent(pathname.slice(1));
  const user = decodeURIComponent(username);
  if (database === '' || user === '') throw unusable('The address names a user and a database: postgres://user@host:5432/database.');
  const schema = searchParams.get('schema') ?? defaultSchema;
  if (!/^[a-z_][a-z0-9_]{0,62}$/u.test(schema)) throw unusable(`A schema has a name of small letters, digits and _, not "${schema}".`);
  const host = hostname.replaceAll(/[[\]]/gu, '');
  const ca = searchParams.get('sslrootcert') ?? env['PGSSLROOTCERT'];
  const isHere = LOOPBACK.has(hostname) && ca === undefined;
  return {
    host,
    port: port === '' ? 5432 : Number(port),
    database,
    user,
    password: passwordFrom(env),
    tls: isHere ? null : { ca: ca === undefined ? null : readFileSync(ca, 'utf8'), servername: host },
    name,
    schema,
    statementMs: STATEMENT_MS,
    readOnly,
  };
}

/** As it is shown: it holds no password. */
export const placeOf = ({ host, port, database }: Target): string => `${host}:${port}/${database}`;

function passwordFrom(env: Env): string | null {
  for (const name of PASSWORD) {
    const given = env[name];
    if (given !== undefined && given !== '') return given;
  }
  const file = env[PASSWORD_FILE];
  if (file === undefined || file === '') return null;
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    throw unusable(`${file} holds a password, and others can read it. Run: chmod 600 ${file}`);
  return readFileSync(file, 'utf8').replace(/\r?\n$/u, '');
}
