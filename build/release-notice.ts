/**
 * `npm run release:notice -- <folder> <link>`: SHA256SUMS and the signed notice of this version (manifest.json) for the packages of a folder.
 * Without the secret there is no notice, and that is said.
 */
import { createHash, createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { manifest, type Manifest, type ReleasedFile, signManifest } from '../src/node/updates/manifest.ts';

const DAY_MS = 86_400_000;
/** A notice that is older is refused: a release at least this often, or the notice signed anew. */
const GOOD_DAYS = 120;
const NAME = /^Perpscope-(?:cli-)?[\d.]+-(?<system>linux|mac|win)-(?<arch>[\w]+)\.(?<format>AppImage|deb|rpm|dmg|zip|exe|tar\.gz)$/u;
const PLATFORMS = { linux: 'linux', mac: 'darwin', win: 'win32' } as const;
const ARCHS: Readonly<Record<string, ReleasedFile['arch']>> = {
  x64: 'x64',
  x86_64: 'x64',
  amd64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
  universal: 'universal',
};

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What lies in the folder under names of ours. */
export function releasedFiles(folder: string): ReleasedFile[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const { system, arch = '', format } = NAME.exec(name)?.groups ?? {};
      const known = ARCHS[arch];
      if (system === undefined || known === undefined) return [];
      const content = readFileSync(join(folder, name));
      const platform = PLATFORMS[system as keyof typeof PLATFORMS];
      return [{ name, platform, arch: known, format: format as ReleasedFile['format'], bytes: content.length, sha256: hashOf(content) }];
    });
}

/** What the changelog says of the version, a sentence each, without marks. */
export function changesOf(changelog: string, version: string): string[] {
  const [, section] = changelog.split(new RegExp(`^## \\[?${version.replaceAll('.', '\\.')}\\]?.*$`, 'mu'));
  if (section === undefined) throw new Error(`CHANGELOG.md has no section for ${version}.`);
  const own = section.split(/^## /mu)[0] ?? '';
  return own
    .split(/^- /mu)
    .slice(1)
    .map((entry) =>
      (entry.split(/\n#/u)[0] ?? '')
        .replaceAll(/\s+/gu, ' ')
        .replaceAll(/\[([^\]]*)\]\([^)]*\)|[`*]/gu, '$1')
        .trim(),
    )
    .map((entry) => (entry.length > 300 ? `${entry.slice(0, 297)}...` : entry))
    .slice(0, 40);
}

export function noticeOf(
  files: readonly ReleasedFile[],
  { version, changes, link, now }: { version: string; changes: readonly string[]; link: string; now: number },
): Manifest {
  return manifest.parse({
    format: 1,
    product: 'perpscope',
    // Seconds grow, and need no record of what was released before.
    sequence: Math.floor(now / 1000),
    version,
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + GOOD_DAYS * DAY_MS).toISOString(),
    changes,
    link,
    files,
  });
}

if (import.meta.main) {
  const [folder = 'dist', link = ''] = process.argv.slice(2);
  const root = resolve(import.meta.dirname, '..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const files = releasedFiles(folder);
  if (files.length === 0) throw new Error(`${folder} holds no package.`);
  writeFileSync(join(folder, 'SHA256SUMS'), files.map(({ sha256, name }) => `${sha256}  ${name}\n`).join(''));
  const secret = process.env['PERPSCOPE_RELEASE_KEY'] ?? '';
  if (secret === '') console.log('NOT SIGNED: there is no PERPSCOPE_RELEASE_KEY, so no notice of this version was made.');
  else {
    const changes = changesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
    const notice = noticeOf(files, { version, changes, link, now: Date.now() });
    const key = createPrivateKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'pkcs8' });
    writeFileSync(join(folder, 'manifest.json'), signManifest(JSON.stringify(notice), key));
    console.log(`${version}: ${files.length} packages in a signed notice`);
  }
}
