import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Manifest, type ReleasedFile, signManifest } from '#node/updates/manifest.ts';

export const NOW = Date.UTC(2026, 10, 30);
export const APP = Buffer.from('the new version, '.repeat(1000));

export interface Pair {
  readonly key: string;
  readonly secret: KeyObject;
}
export function newPair(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { key: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64'), secret: privateKey };
}

const day = (days: number): string => new Date(NOW + days * 86_400_000).toISOString();

export const fileOf = (content: Uint8Array, arch = process.arch): ReleasedFile => ({
  name: `Perpscope-1.1.0-${arch}.AppImage`,
  platform: 'linux',
  arch: arch === 'arm64' ? 'arm64' : 'x64',
  format: 'AppImage',
  bytes: content.byteLength,
  sha256: createHash('sha256').update(content).digest('hex'),
});

export const manifestOf = (change: Partial<Manifest> = {}): Manifest => ({
  format: 1,
  product: 'perpscope',
  sequence: 7,
  version: '1.1.0',
  issuedAt: day(-1),
  expiresAt: day(30),
  changes: ['Charts open faster.'],
  link: 'https://example.org/perpscope/1.1.0',
  files: [fileOf(APP)],
  ...change,
});

export const sealed = (pair: Pair, change: Partial<Manifest> = {}): string => signManifest(JSON.stringify(manifestOf(change)), pair.secret);

/** A static server on loopback; `answer` may be replaced between requests. */
export async function startReleaseServer(answer: (req: IncomingMessage, res: ServerResponse) => void) {
  const state = { answer, asked: [] as string[] };
  const server = createServer((req, res) => {
    state.asked.push(req.url ?? '');
    state.answer(req, res);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    state,
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
