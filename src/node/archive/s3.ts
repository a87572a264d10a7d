import { lookup } from 'node:dns';
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { HistoryError } from '../history/errors.ts';
import { LOOPBACK_ONLY } from '../http.ts';
import { assertNotOutside, isThisMachine, onLoopback } from '../proxy/loopback.ts';
import { type ArchivePlace, unreachable } from './place.ts';
import { encoded, type S3Keys, sha256, signed } from './signature.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Of one request, ms. */
const LIMITS = { connect: 10_000, headersTimeout: 30_000, bodyTimeout: 60_000 } as const;
/** Pauses before an answer is asked for again, ms. */
const PAUSES_MS = [300, 1200, 5000];
/** What S3 takes in one piece. */
const MOST_BYTES = 5 * 1024 ** 3;
const NOTHING = sha256('');

interface S3Options {
  readonly bucket: string;
  /** '' or with a slash at its end. */
  readonly prefix: string;
  readonly endpoint: URL;
  readonly region: string;
  readonly keys: S3Keys;
  readonly loopbackOnly: boolean;
}

const unusable = (why: string): HistoryError => new HistoryError('failed', why);
/** Read from the environment, and only there. */
const given = (env: Env, ...names: readonly string[]): string | null =>
  names.map((name) => env[name]).find((value) => value !== undefined && value !== '') ?? null;

/**
 * `s3://bucket/prefix` on an endpoint of any vendor, with the variables that AWS's own programs know. HistoryError with what is missing.
 */
export function s3From(text: string, env: Env): S3Options {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 's3:' || url.hostname === '') throw unusable('The archive is named as s3://bucket/prefix.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw unusable(
      'Keys do not belong into an address: give them in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a file that AWS_SHARED_CREDENTIALS_FILE names.',
    );
  const region = given(env, 'AWS_REGION', 'AWS_DEFAULT_REGION') ?? 'us-east-1';
  const named = given(env, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL') ?? `https://s3.${region}.amazonaws.com`;
  const endpoint = URL.parse(named);
  if (
    endpoint === null ||
    (endpoint.protocol !== 'https:' && endpoint.protocol !== 'http:') ||
    endpoint.username !== '' ||
    endpoint.password !== ''
  )
    throw unusable('AWS_ENDPOINT_URL_S3 is an address as https://s3.example.com.');
  if (endpoint.protocol === 'http:' && !isThisMachine(endpoint.hostname))
    throw unusable(`Beyond this machine an archive is reached by https, not by ${endpoint.protocol}//${endpoint.host}.`);
  const prefix = decodeURIComponent(url.pathname)
    .split('/')
    .filter((part) => part !== '');
  return {
    bucket: url.hostname,
    prefix: prefix.map((part) => `${part}/`).join(''),
    endpoint,
    region,
    keys: keysFrom(env),
    loopbackOnly: env[LOOPBACK_ONLY] === '1',
  };
}

function keysFrom(env: Env): S3Keys {
  const file = given(env, 'AWS_SHARED_CREDENTIALS_FILE');
  const from = given(env, 'AWS_ACCESS_KEY_ID') !== null || file === null ? env : profileIn(file, given(env, 'AWS_PROFILE') ?? 'default');
  const [id, secret] = [given(from, 'AWS_ACCESS_KEY_ID'), given(from, 'AWS_SECRET_ACCESS_KEY')];
  if (id === null || secret === null)
    throw unusable(
      'The keys of the archive are missing: give them in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a file that AWS_SHARED_CREDENTIALS_FILE names.',
    );
  return { id, secret, session: given(from, 'AWS_SESSION_TOKEN') };
}

/** What a file of AWS's form says of one profile, as the variables are called. */
function profileIn(file: string, profile: string): Env {
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw unusable(`${file} holds keys, and others can read it. Run: chmod 600 ${file}`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    throw unusable(`${file}, which AWS_SHARED_CREDENTIALS_FILE names, cannot be read.`);
  }
  const found: Record<string, string> = {};
  let section = '';
  for (const line of text.split(/\r?\n/u)) {
    const [, head] = /^\s*\[([^\]]+)\]/u.exec(line) ?? [];
    if (head !== undefined) section = head.trim();
    const at = line.indexOf('=');
    if (section === profile && head === undefined && at > 0 && !/^\s*[#;]/u.test(line))
      found[line.slice(0, at).trim().toUpperCase()] = line.slice(at + 1).trim();
  }
  return found;
}

interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** A bucket, asked by its path (`endpoint/bucket/...`). A file is put whole, in one piece. */
export function s3Place({ bucket, prefix, endpoint, region, keys, loopbackOnly }: S3Options): ArchivePlace {
  const name = `s3://${bucket}/${prefix}`;
  // Unencrypted nothing leaves this machine, whatever a name resolves to.
  const isHere = loopbackOnly || endpoint.protocol === 'http:';
  if (isHere) assertNotOutside(endpoint.hostname);
  const agent = new Agent({
    connect: { timeout: LIMITS.connect, ...(isHere && { lookup: onLoopback(lookup) }) },
    headersTimeout: LIMITS.headersTimeout,
    bodyTimeout: LIMITS.bodyTimeout,
  });

  async function once(
    method: 'GET' | 'PUT',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array | null,
  ): Promise<Answer> {
    const root = endpoint.pathname.replace(/\/$/u, '');
    const url = new URL(endpoint);
    url.pathname = `${root}/${[bucket, ...`${prefix}${path}`.split('/')].map(encoded).join('/')}`;
    const bodyHash = body === null ? NOTHING : sha256(body);
    const all = signed({ method, url, headers, bodyHash }, { keys, region, at: Date.now() });
    const answer = await request(url, { method, headers: all, dispatcher: agent, ...(body !== null && { body }) });
    return { status: answer.statusCode, bytes: new Uint8Array(await answer.body.arrayBuffer()) };
  }

  /** What passes by itself is asked for again. */
  async function ask(
    method: 'GET' | 'PUT',
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body: Uint8Array | null = null,
  ): Promise<Answer> {
    for (const pause of [...PAUSES_MS, null]) {
      try {
        const answer = await once(method, path, headers, body);
        if (pause === null || (answer.status < 500 && answer.status !== 429)) return answer;
      } catch (error) {
        // The address holds no key, and neither does what the socket says.
        if (pause === null) throw unreachable(name, error);
      }
      await wait(pause);
    }
    throw new Error('no answer is left to be given');
  }

  const refused = (path: string, { status, bytes }: Answer): HistoryError => {
    const [, code = ''] = /<Code>(\w{1,64})<\/Code>/u.exec(new TextDecoder().decode(bytes.subarray(0, 4096))) ?? [];
    const why = status === 403 || status === 401 ? 'refused the keys' : 'could not do it';
    return new HistoryError('unwritable', `The archive at ${name} ${why} (HTTP ${status}${code === '' ? '' : `, ${code}`}, ${path}).`);
  };
  const isMissing = ({ status, bytes }: Answer): boolean =>
    status === 404 && !new TextDecoder().decode(bytes.subarray(0, 4096)).includes('NoSuchBucket');

  return {
    name,
    async get(path) {
      const answer = await ask('GET', path);
      if (isMissing(answer)) return null;
      if (answer.status !== 200) throw refused(path, answer);
      return answer.bytes;
    },
    async part(path, from, to) {
      if (to <= from) return new Uint8Array();
      const answer = await ask('GET', path, { range: `bytes=${from}-${to - 1}` });
      // One that knows no ranges gives all of it.
      const bytes = answer.status === 200 ? answer.bytes.subarray(from, to) : answer.bytes;
      if (answer.status !== 200 && answer.status !== 206) throw refused(path, answer);
      if (bytes.length !== to - from) throw unreachable(name, new Error(`${path} is shorter than it was`));
      return bytes;
    },
    async put(path, bytes) {
      if (bytes.length > MOST_BYTES) throw unusable(`${path} is larger than S3 takes in one piece.`);
      const answer = await ask('PUT', path, { 'content-type': 'application/octet-stream' }, bytes);
      if (answer.status !== 200 && answer.status !== 204) throw refused(path, answer);
    },
  };
}
