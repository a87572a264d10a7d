import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttp } from '#node/http.ts';
import { createInstaller } from '#node/updates/install.ts';
import { signManifest } from '#node/updates/manifest.ts';
import { openSeen } from '#node/updates/seen.ts';
import { createUpdates } from '#node/updates/updates.ts';
import { runOnSmallDisk, smallDiskPossible } from '#test/support/small-disk.ts';
import { APP, fileOf, manifestOf, newPair, NOW, sealed, startReleaseServer } from './support.ts';

const pair = newPair();
let dir = '';
let server: Awaited<ReturnType<typeof startReleaseServer>>;
/** What the server answers at each path. */
let pages: Record<string, string | Uint8Array>;
const logged: string[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-updates-'));
  mkdirSync(join(dir, 'apps'));
  writeFileSync(join(dir, 'apps', 'Perpscope.AppImage'), 'the old version');
  pages = { '/manifest.json': sealed(pair), [`/${fileOf(APP).name}`]: APP };
  server = await startReleaseServer((req, res) => {
    const page = pages[req.url ?? ''];
    res.writeHead(page === undefined ? 404 : 200).end(page);
  });
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
  logged.length = 0;
});

const open = (version = '1.0.0', key: string | null = pair.key) =>
  createUpdates({
    http: createHttp('loopback'),
    release: key === null ? null : { address: `${server.url}/manifest.json`, key },
    seen: openSeen(join(dir, 'updates.json'), { write: (_level, _area, text) => void logged.push(text) }),
    version,
    now: () => NOW,
    installer: createInstaller(join(dir, 'apps', 'Perpscope.AppImage')),
    arch: process.arch,
  });
const installed = (): string => readFileSync(join(dir, 'apps', 'Perpscope.AppImage'), 'utf8');
/** The old version starts next, and nothing lies about. */
const nothingChanged = (): void => {
  expect(installed()).toBe('the old version');
  expect(readdirSync(join(dir, 'apps'))).toEqual(['Perpscope.AppImage']);
};

describe('the notice of a version', () => {
  test('that is newer is told with its changes and its link, and asks for nothing else', async () => {
    const updates = open();
    expect(await updates.look('off')).toEqual({
      version: '1.1.0',
      changes: ['Charts open faster.'],
      link: 'https://example.org/perpscope/1.1.0',
      newer: true,
      installable: true,
    });
    expect(server.state.asked).toEqual(['/manifest.json']);
    expect(await open('1.1.0').look('off')).toMatchObject({ newer: false, installable: false });
    nothingChanged();
  });

  const day = (days: number): string => new Date(NOW + days * 86_400_000).toISOString();
  test.each([
    ['signed with another key', () => sealed(newPair()), /is not signed with the key of Perpscope/u],
    ['changed after it was signed', () => sealed(pair).replace('1.1.0', '6.6.6'), /is not signed with the key/u],
    ['cut off', () => sealed(pair).slice(0, 100), /is no notice of a version/u],
    ['a page of a proxy', () => '<html>log in</html>', /is no notice of a version/u],
    ['of a form that is not known', () => signManifest('{"format":2}', pair.secret), /cannot read/u],
    ['of another product', () => signManifest(JSON.stringify({ ...manifestOf(), product: 'other' }), pair.secret), /cannot read/u],
    ['that names a file elsewhere', () => sealed(pair, { files: [{ ...fileOf(APP), name: '../x' }] }), /cannot read/u],
    ['expired', () => sealed(pair, { expiresAt: day(-1) }), /was good until 2026-11-29: a newer one may be held back/u],
    ['from the future', () => sealed(pair, { issuedAt: day(3) }), /the clock of this machine is behind/u],
    [
      'of an older version: a downgrade',
      () => sealed(pair, { version: '0.9.9' }),
      /names version 0\.9\.9, which is older than this one \(1\.0\.0\)/u,
    ],
  ])('%s is refused in one sentence, and nothing is changed', async (_what, page, sentence) => {
    pages['/manifest.json'] = page();
    const updates = open();
    for (const ask of [() => updates.look('off'), () => updates.prepare('off')]) {
      await expect(ask()).rejects.toThrow(sentence);
      await expect(ask()).rejects.toThrow(/ Nothing was changed\.$/u);
    }
    expect(await updates.install()).toBe(false);
    nothingChanged();
  });

  test('that was answered before a newer one was seen is a replay, also after a restart', async () => {
    const older = sealed(pair, { sequence: 6, version: '1.0.5' });
    await open().look('off');
    pages['/manifest.json'] = older;
    await expect(open().look('off')).rejects.toThrow(/An older notice came than one that was seen before/u);
    nothingChanged();
  });

  test('is larger than any notice is, does not come, or there is no key: each is said', async () => {
    pages['/manifest.json'] = 'x'.repeat(300_000);
    await expect(open().look('off')).rejects.toThrow(/No whole answer came from the update address \(too-large\)/u);
    delete pages['/manifest.json'];
    await expect(open().look('off')).rejects.toThrow(/answered with status 404/u);
    await expect(open('1.0.0', null).look('off')).rejects.toThrow(/no address and no key of releases/u);
  });
});

describe('a download', () => {
  test('takes the place of the old version when the app ends, and not before', async () => {
    const updates = open();
    expect(await updates.prepare('off')).toBe('1.1.0');
    expect(installed()).toBe('the old version');
    expect(await updates.install()).toBe(true);
    expect(readFileSync(join(dir, 'apps', 'Perpscope.AppImage'))).toEqual(APP);
    expect(await updates.install()).toBe(false);
  });

  test('that breaks off half-way, is shorter, longer or another file changes nothing', async () => {
    const path = `/${fileOf(APP).name}`;
    const updates = open();
    const wrong = Buffer.from(APP);
    wrong[5] = 0;
    for (const [page, sentence] of [
      [APP.subarray(0, 9000), /did not arrive as it was signed \(9000 of 17000 bytes\)/u],
      [Buffer.concat([APP, APP]), /too-large/u],
      [wrong, /did not arrive as it was signed/u],
    ] as const) {
      pages[path] = page;
      await expect(updates.prepare('off')).rejects.toThrow(sentence);
    }
    server.state.answer = (req, res) => {
      if (req.url === '/manifest.json') res.end(pages['/manifest.json']);
      else res.writeHead(200, { 'content-length': APP.length }).write(APP.subarray(0, 9000), () => res.destroy());
    };
    await expect(updates.prepare('off')).rejects.toThrow(/No whole answer came/u);
    expect(await updates.install()).toBe(false);
    nothingChanged();
  });

  test('that is changed on the disk before the app ends is not run', async () => {
    const updates = open();
    await updates.prepare('off');
    writeFileSync(join(dir, 'apps', 'Perpscope.AppImage.next'), 'something else');
    expect(await updates.install()).toBe(false);
    nothingChanged();
  });

  test.skipIf(!smallDiskPossible)('for which the disk has no room is said, and the old version stays', () => {
    const { stdout, stderr } = runOnSmallDisk(join(import.meta.dirname, 'full-disk-child.ts'), dir, 1);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      why: expect.stringMatching(/has no room for .+ \(3 MB\)\. Nothing was changed\.$/u) as string,
      installed: false,
      files: ['Perpscope.AppImage'],
      old: 'the old version',
    });
  });
});
