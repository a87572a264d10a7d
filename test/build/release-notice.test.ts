import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { publicKeyOf, readManifest, signManifest } from '#node/updates/manifest.ts';
import { changesOf, noticeOf, releasedFiles } from '../../build/release-notice.ts';

const folder = mkdtempSync(join(tmpdir(), 'perpscope-release-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the notice names the packages of a folder with their hashes, and the app reads it with the public key alone', () => {
  for (const name of [
    'Perpscope-1.2.0-linux-x86_64.AppImage',
    'Perpscope-1.2.0-mac-universal.dmg',
    'Perpscope-1.2.0-win-x64.exe',
    'latest.yml',
  ])
    writeFileSync(join(folder, name), name);
  const files = releasedFiles(folder);
  expect(files.map(({ platform, arch, format }) => `${platform} ${arch} ${format}`)).toEqual([
    'linux x64 AppImage',
    'darwin universal dmg',
    'win32 x64 exe',
  ]);
  const [first] = files;
  expect(first?.sha256).toBe(
    createHash('sha256')
      .update(first?.name ?? '')
      .digest('hex'),
  );
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const notice = noticeOf(files, { version: '1.2.0', changes: ['Faster.'], link: 'https://example.org/', now: Date.UTC(2026, 11, 1) });
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
  expect(readManifest(signManifest(JSON.stringify(notice), privateKey), publicKeyOf(key))).toEqual(notice);
});

test('changes are the entries of the changelog, as sentences', () => {
  const changelog =
    '# Changelog\n\n## 1.2.0 - 2026-12-01\n\n### Added\n\n- Charts open faster\n  than before ([docs](docs/x.md)).\n- `collect` sleeps.\n\n### Fixed\n\n- A name.\n\n## 1.1.0\n\n- Old.\n';
  expect(changesOf(changelog, '1.2.0')).toEqual(['Charts open faster than before (docs).', 'collect sleeps.', 'A name.']);
  expect(() => changesOf(changelog, '1.3.0')).toThrow('CHANGELOG.md has no section for 1.3.0.');
});
