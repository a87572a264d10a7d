import { createHash, createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openPlace } from '#node/archive/open-place.ts';
import { type S3Keys, sha256, signed } from '#node/archive/signature.ts';
import { s3From } from '#node/archive/s3.ts';
import { ask, dataOf } from '#test/support/ask.ts';
import { server as postgres, targetOf } from '../postgres/support.ts';
import { NOW, recordedOn } from './recorded.ts';

const dir = mkdtempSync(join(tmpdir(), 'perpscope-s3-'));
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(dir, { recursive: true, force: true });
});

/*
 * The examples of "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Transferring Payload in a Single Chunk,
 * in the Amazon S3 API Reference.
 */
describe('signatures as AWS publishes them', () => {
  const keys: S3Keys = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', session: null };
  const at = Date.UTC(2013, 4, 24);
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  test.each([
    ['GET', '/test.txt', { range: 'bytes=0-9' }, empty, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
    [
      'PUT',
      '/test%24file.text',
      { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      sha256('Welcome to Amazon S3.'),
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    ['GET', '/?lifecycle', {}, empty, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['GET', '/?max-keys=2&prefix=J', {}, empty, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ] as const)('%s %s', (method, path, headers, bodyHash, signature) => {
    const url = new URL(`https://examplebucket.s3.amazonaws.com${path}`);
    const { authorization } = signed({ method, url, headers, bodyHash }, { keys, region: 'us-east-1', at });
    expect(authorization).toContain(`Signature=${signature}`);
  });
});

const KEYS = { AWS_ACCESS_KEY_ID: 'MYKEYID', AWS_SECRET_ACCESS_KEY: 'my+secret/key', AWS_REGION: 'eu-test-1' };

interface Bucket {
  readonly env: Readonly<Record<string, string>>;
  readonly objects: Map<string, Buffer>;
  /** What was asked, as 'GET /bucket/path' with its range. */
  readonly asked: string[];
  /** The next so many answers are errors of this status. */
  failing: { status: number; times: number };
  knowsRanges: boolean;
}

/** A server that looks at every signature, worked out from what came over the wire, and keeps what is put. */
async function bucketServer(): Promise<Bucket> {
  const bucket: Bucket = { env: {}, objects: new Map(), asked: [], failing: { status: 0, times: 0 }, knowsRanges: true };
  function answerTo(req: IncomingMessage, body: Buffer): readonly [status: number, body: string | Buffer] {
    const { range } = req.headers;
    bucket.asked.push(`${req.method} ${req.url}${range === undefined ? '' : ` ${range}`}`);
    if (bucket.failing.times > 0) {
      bucket.failing.times--;
      return [bucket.failing.status, '<Error><Code>SlowDown</Code></Error>'];
    }
    const wrong = fault(req, body);
    if (wrong !== null) return [403, `<Error><Code>${wrong}</Code></Error>`];
    const path = req.url ?? '';
    if (!path.startsWith('/desk-archive/')) return [404, '<Error><Code>NoSuchBucket</Code></Error>'];
    if (req.method === 'PUT') {
      bucket.objects.set(path, body);
      return [200, ''];
    }
    const object = bucket.objects.get(path);
    if (object === undefined) return [404, '<Error><Code>NoSuchKey</Code></Error>'];
    const [, from, to] = /^bytes=(\d+)-(\d+)$/u.exec(range ?? '') ?? [];
    return from === undefined || !bucket.knowsRanges ? [200, object] : [206, object.subarray(Number(from), Number(to) + 1)];
  }
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const [status, body] = answerTo(req, Buffer.concat(chunks));
      res.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(bucket, { env: { ...KEYS, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` } });
}

/** Null: the request is signed as AWS's documentation says, with the secret that belongs to its key. */
function fault({ method, url, headers }: IncomingMessage, body: Buffer): string | null {
  const parsed =
    /^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/s3\/aws4_request, ?SignedHeaders=(?<names>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$/u.exec(
      headers.authorization ?? '',
    )?.groups;
  if (parsed === undefined) return 'AccessDenied';
  const { id, day = '', region = '', names = '', signature } = parsed;
  const hash = createHash('sha256').update(body).digest('hex');
  const time = String(headers['x-amz-date']);
  const sent = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u, '$1-$2-$3T$4:$5:$6Z'));
  if (id !== KEYS.AWS_ACCESS_KEY_ID) return 'InvalidAccessKeyId';
  if (region !== KEYS.AWS_REGION || !time.startsWith(day)) return 'AuthorizationHeaderMalformed';
  if (!(Math.abs(Date.now() - sent) < 15 * 60_000)) return 'RequestTimeTooSkewed';
  if (headers['x-amz-content-sha256'] !== hash) return 'XAmzContentSHA256Mismatch';
  for (const name of ['host', 'x-amz-date', 'x-amz-content-sha256']) if (!names.split(';').includes(name)) return 'AccessDenied';
  const lines = names.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const text = `${method}\n${url}\n\n${lines.join('')}\n${names}\n${hash}`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${day}/${region}/s3/aws4_request\n${createHash('sha256').update(text).digest('hex')}`;
  let key: Buffer = Buffer.from(`AWS4${KEYS.AWS_SECRET_ACCESS_KEY}`);
  for (const part of [day, region, 's3', 'aws4_request', toSign]) key = createHmac('sha256', key).update(part).digest();
  return key.toString('hex') === signature ? null : 'SignatureDoesNotMatch';
}

test('puts, gets and reads parts; names are sent as AWS writes them; what is not there is none', async () => {
  const bucket = await bucketServer();
  const place = openPlace('s3://desk-archive/my prefix/ü', bucket.env);
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  await place.put("2025-01/a+b (1)'*!.parquet", bytes);
  expect([...bucket.objects.keys()]).toEqual(['/desk-archive/my%20prefix/%C3%BC/2025-01/a%2Bb%20%281%29%27%2A%21.parquet']);
  expect(await place.get("2025-01/a+b (1)'*!.parquet")).toEqual(bytes);
  expect(await place.part("2025-01/a+b (1)'*!.parquet", 10, 20)).toEqual(bytes.subarray(10, 20));
  bucket.knowsRanges = false;
  expect(await place.part("2025-01/a+b (1)'*!.parquet", 10, 20)).toEqual(bytes.subarray(10, 20));
  expect(await place.get('2025-01/none')).toBeNull();
  await expect(place.part("2025-01/a+b (1)'*!.parquet", 990, 1010)).rejects.toThrow(/shorter/u);
});

test('what passes is asked for again; what is refused is said without a key', async () => {
  const bucket = await bucketServer();
  const place = openPlace('s3://desk-archive/x', bucket.env);
  bucket.failing = { status: 503, times: 2 };
  await place.put('a', Uint8Array.of(1));
  expect(bucket.asked).toHaveLength(3);
  for (const [change, said] of [
    [{ AWS_SECRET_ACCESS_KEY: 'wrong-secret' }, /refused the keys \(HTTP 403, SignatureDoesNotMatch, a\)/u],
    [{ AWS_ACCESS_KEY_ID: 'OTHERKEYID' }, /refused the keys \(HTTP 403, InvalidAccessKeyId, a\)/u],
    [{ AWS_REGION: 'elsewhere' }, /HTTP 403, AuthorizationHeaderMalformed/u],
    [{ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, /The archive at s3:\/\/desk-archive\/x\/ cannot be reached/u],
  ] as const) {
    const error: unknown = await openPlace('s3://desk-archive/x', { ...bucket.env, ...change })
      .get('a')
      .catch((one: unknown) => one);
    expect(String(error)).toMatch(said);
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/secret|KEYID/u);
  }
  await expect(openPlace('s3://other/x', bucket.env).get('a')).rejects.toThrow(/NoSuchBucket/u);
}, 30_000);

test('keys come from the environment or from a file of one’s own, and go in the clear nowhere', () => {
  expect(() => s3From('s3://key:secret@bucket/x', KEYS)).toThrow(/do not belong into an address/u);
  expect(() => s3From('s3://bucket/x', {})).toThrow(/keys of the archive are missing/u);
  expect(() => s3From('s3://bucket/x', { ...KEYS, AWS_ENDPOINT_URL: 'http://s3.example.com' })).toThrow(/by https/u);
  expect(s3From('s3://bucket/x/y/', KEYS)).toMatchObject({ prefix: 'x/y/', endpoint: new URL('https://s3.eu-test-1.amazonaws.com') });
  const file = join(mkdtempSync(join(tmpdir(), 'perpscope-keys-')), 'credentials');
  closers.push(() => rmSync(join(file, '..'), { recursive: true }));
  writeFileSync(
    file,
    '[default]\naws_access_key_id = one\naws_secret_access_key=a=b\n# [x]\n[desk]\naws_access_key_id = two\naws_secret_access_key = c\naws_session_token = t\n',
  );
  const env = { AWS_SHARED_CREDENTIALS_FILE: file };
  chmodSync(file, 0o640);
  expect(() => s3From('s3://bucket', env)).toThrow(/chmod 600/u);
  chmodSync(file, 0o600);
  expect(s3From('s3://bucket', env).keys).toEqual({ id: 'one', secret: 'a=b', session: null });
  expect(s3From('s3://bucket', { ...env, AWS_PROFILE: 'desk' }).keys).toEqual({ id: 'two', secret: 'c', session: 't' });
});

describe.skipIf(postgres === null)('an archive on S3', () => {
  test('is written, dropped and read back by parts, as from a folder', async () => {
    const bucket = await bucketServer();
    const port = postgres?.port ?? 0;
    const addresses = [postgres?.newDatabase() ?? '', postgres?.newDatabase() ?? ''] as const;
    for (const address of addresses)
      recordedOn(port, 'perpscope', targetOf(port, 'x', { database: new URL(address).pathname.slice(1) }).database).close();
    const [whole, archived] = addresses;
    const before = { ...process.env };
    closers.push(() => (process.env = before));
    Object.assign(process.env, bucket.env);
    const place = 's3://desk-archive/funding';
    const done = await ask('archive', '--store', archived, '--to', place, '--before', '2025-04', '--drop', '--json');
    expect(done).toMatchObject({ code: 0, err: '' });
    expect((dataOf(done) as { dropped: number }[]).every(({ dropped }) => dropped > 100)).toBe(true);
    bucket.asked.length = 0;
    const of = [
      '--venue',
      'bybit',
      '--symbol',
      'BTC',
      '--to',
      new Date(NOW).toISOString().slice(0, 10),
      '--kind',
      'hours',
      '--format',
      'csv',
    ];
    const one = await ask('export', ...of, '--history', whole);
    expect(await ask('export', ...of, '--history', archived, '--archive', place)).toEqual(one);
    expect(one.out.length).toBeGreaterThan(5000);
    // Of files only parts, of one venue and kind.
    const files = bucket.asked.filter((line) => line.includes('.parquet'));
    expect(files.length).toBeGreaterThan(2);
    for (const line of files) expect(line).toMatch(/^GET \/desk-archive\/funding\/2025-0\d\/bybit\/hours\.parquet bytes=\d+-\d+$/u);
  }, 60_000);
});
