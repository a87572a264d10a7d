import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** A released version: three numbers. */
const version = z.string().regex(/^(?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){2}$/u);

/** A file beside the manifest: a name, never an address, so that a manifest leads nowhere else. */
const file = z.strictObject({
  name: z.string().regex(/^[\w][\w.-]{0,120}$/u),
  /** Node's names. */
  platform: z.enum(['linux', 'darwin', 'win32']),
  arch: z.enum(['x64', 'arm64', 'universal']),
  format: z.enum(['AppImage', 'deb', 'rpm', 'dmg', 'zip', 'exe', 'tar.gz']),
  bytes: z.int().min(1).max(1_000_000_000),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
});
export type ReleasedFile = z.infer<typeof file>;

export const manifest = z.strictObject({
  format: z.literal(1),
  product: z.literal('perpscope'),
  /** Grows with every manifest: an older one is told from a newer one without a clock. */
  sequence: z.int().min(1),
  version,
  issuedAt: z.iso.datetime(),
  /** A manifest that is held back is told by its age. */
  expiresAt: z.iso.datetime(),
  changes: z.array(z.string().min(1).max(300)).min(1).max(40),
  link: z.url({ protocol: /^https$/u }).max(300),
  files: z.array(file).max(40),
});
export type Manifest = z.infer<typeof manifest>;

/** The text that was signed, byte for byte, beside its signature: nothing has to be spelt the same way twice. */
const envelope = z.strictObject({ manifest: z.string().max(200_000), signature: z.base64().max(100) });

/** `message` is for the person: one sentence, which says that nothing was changed. */
export class UpdateError extends Error {
  constructor(message: string) {
    super(`${message} Nothing was changed.`);
    this.name = 'UpdateError';
  }
}

/** `key`: 32 bytes of an Ed25519 public key in base64, as `npm run release:key` prints it. */
export function publicKeyOf(key: string): KeyObject {
  const x = Buffer.from(key, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

export function signManifest(text: string, key: KeyObject): string {
  return `${JSON.stringify({ manifest: text, signature: sign(null, Buffer.from(text), key).toString('base64') })}\n`;
}

/** The manifest in what was answered, once its signature holds. Throws UpdateError. */
export function readManifest(answer: string, key: KeyObject): Manifest {
  const sealed = envelope.safeParse(parsed(answer));
  if (!sealed.success) throw new UpdateError('What the update address answered is no notice of a version.');
  const { manifest: text, signature } = sealed.data;
  if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')))
    throw new UpdateError('The notice of a new version is not signed with the key of Perpscope.');
  const read = manifest.safeParse(parsed(text));
  if (!read.success) throw new UpdateError('The signed notice of a new version is of a form that this version cannot read.');
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Below 0: `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.split('-')[0] ?? '').split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < 3; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
