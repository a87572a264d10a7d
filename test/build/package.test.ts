import { createPackage, listPackage, statFile } from '@electron/asar';
import Database from 'better-sqlite3';
import { build } from 'electron-builder';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { config } from '../../build/config.ts';
import { makeDeb } from '../../build/deb.ts';
import { faultsOf, SENTINEL } from '../../build/fuses.ts';
import { billOf } from '../../build/sbom.ts';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'perpscope-package-'));
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
let packed = '';
let resources = '';
let files: string[] = [];

/** A folder that electron-builder takes for Electron's: its binary cannot be fetched everywhere, and packing needs none. */
async function fakeElectron(): Promise<string> {
  const dist = join(scratch, 'electron-dist');
  mkdirSync(join(dist, 'resources'), { recursive: true });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox']) writeFileSync(join(dist, name), name);
  // Its fuses as Electron ships them.
  writeFileSync(join(dist, 'electron'), Buffer.from(`${SENTINEL}\x01\x09101100011`, 'latin1'));
  chmodSync(join(dist, 'electron'), 0o755);
  writeFileSync(join(dist, 'version'), '45.4.1');
  mkdirSync(join(scratch, 'default-app'));
  writeFileSync(join(scratch, 'default-app', 'package.json'), '{}');
  await createPackage(join(scratch, 'default-app'), join(dist, 'resources', 'default_app.asar'));
  return dist;
}

beforeAll(async () => {
  if (!existsSync(join(root, 'out/main/index.js'))) throw new Error('out/ is missing: run `npm run build` first');
  const output = join(scratch, 'dist');
  await build({
    projectDir: root,
    config: { ...config, electronDist: await fakeElectron(), directories: { ...config.directories, output } },
    linux: ['dir'],
    [arch]: true,
    publish: 'never',
  });
  const folder = readdirSync(output).find((name) => name.startsWith('linux') && name.endsWith('unpacked'));
  packed = join(output, folder ?? 'nothing was packed');
  resources = join(packed, 'resources');
  files = listPackage(join(resources, 'app.asar'), { isPack: false }).map((file) => file.replaceAll('\\', '/'));
}, 600_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('the archive holds the built app, its licence and its notices', () => {
  for (const file of ['/out/main/index.js', '/out/preload/index.cjs', '/out/renderer/index.html', '/LICENSE', '/THIRD_PARTY_NOTICES.md']) {
    expect(files).toContain(file);
  }
});

test('the archive holds every run-time dependency and no other part of the project', () => {
  for (const name of ['better-sqlite3', 'ccxt', 'conf', 'electron-store', 'undici', 'zod'])
    expect(files).toContain(`/node_modules/${name}/package.json`);
  const strays = files.filter((file) =>
    /^\/(src|test|build|docs|\.ci)\b|^\/node_modules\/(echarts|svelte|vite|electron|node-(?:linux|win)-\w+|typescript)\/|\.map$/u.test(
      file,
    ),
  );
  expect(strays).toEqual([]);
  expect(files.filter((file) => /\.[cm]?ts$/u.test(file))).toEqual([]);
});

test('of ccxt the modules that are imported are there, and no second undici', () => {
  expect(files).toContain('/node_modules/ccxt/js/ccxt.js');
  expect(files.filter((file) => /^\/node_modules\/(?:ccxt\/dist|bufferutil|fflate)\//u.test(file))).toEqual([]);
  expect(files.filter((file) => file.endsWith('/node_modules/undici/package.json'))).toEqual(['/node_modules/undici/package.json']);
});

test('better-sqlite3 is unpacked for this platform alone, and opens a database', () => {
  const unpacked = join(resources, 'app.asar.unpacked/node_modules/better-sqlite3/prebuilds');
  expect(readdirSync(unpacked)).toEqual([`linux-${arch}.node`]);
  const native = `node_modules/better-sqlite3/prebuilds/linux-${arch}.node`;
  expect(statFile(join(resources, 'app.asar'), native)).toMatchObject({ unpacked: true });
  const db = new Database(':memory:', { nativeBinding: join(unpacked, `linux-${arch}.node`) });
  expect(db.prepare('SELECT sqlite_version() AS version').get()).toMatchObject({ version: expect.stringMatching(/^3\./u) as string });
  db.close();
});

test('the packed program has the fuses that were decided', () => {
  expect(faultsOf(readFileSync(join(packed, 'perpscope')), false)).toEqual([]);
});

test('beside the archive lie Electron’s own files and nothing else of ours; no launcher takes the sandbox away', () => {
  expect(readdirSync(packed).toSorted()).toEqual(
    ['LICENSE.electron.txt', 'LICENSES.chromium.html', 'chrome-sandbox', 'perpscope', 'resources', 'version'].filter((name) =>
      existsSync(join(packed, name)),
    ),
  );
  expect(
    readdirSync(resources)
      .filter((name) => name !== 'app-update.yml')
      .toSorted(),
  ).toEqual(['app.asar', 'app.asar.unpacked']);
});

test('the archive holds no second way in, and is no larger than it was', () => {
  expect(
    files.filter(
      (file) => /^\/out-cli|\/cli\.js$|\.(?:ts|test\.js|sqlite|log|env|pem|key)$/u.test(file) && !file.startsWith('/node_modules/'),
    ),
  ).toEqual([]);
  const megabytes = statSync(join(resources, 'app.asar')).size / 1e6;
  expect(megabytes).toBeGreaterThan(5);
  // ccxt is two thirds of it.
  expect(megabytes).toBeLessThan(90);
});

test('every package in the archive has its text in the notices and stands in the bill of materials', () => {
  const packages = [...new Set(files.flatMap((file) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/u.exec(file)?.[1] ?? []))];
  expect(packages.length).toBeGreaterThan(20);
  const notices = readFileSync(join(root, 'THIRD_PARTY_NOTICES.md'), 'utf8');
  expect(packages.filter((name) => !notices.includes(`## ${name} `))).toEqual([]);
  const { components } = billOf('app', { name: 'electron', version: '45.4.1' }) as {
    components: { name: string; hashes?: unknown; licenses?: unknown }[];
  };
  const named = new Set(components.map(({ name }) => name));
  expect(packages.filter((name) => !named.has(name))).toEqual([]);
  expect(
    components
      .filter(({ name, hashes, licenses }) => name !== 'electron' && (hashes === undefined || licenses === undefined))
      .map(({ name }) => name),
  ).toEqual([]);
});

const hasDpkg = spawnSync('dpkg-deb', ['--version']).status === 0;
if (!hasDpkg) console.warn('NOT SEEN HERE: there is no dpkg-deb, so no deb was made');
test.skipIf(!hasDpkg)(
  'a deb of it installs the program, its entry, its icon and its licence as root’s, and says what stays when it goes',
  () => {
    const deb = makeDeb(packed, join(scratch, 'deb'), arch, 'none');
    const ask = (...args: string[]): string => execFileSync('dpkg-deb', args, { encoding: 'utf8' });
    expect(ask('--field', deb, 'Package', 'Architecture', 'Version')).toMatch(
      /^Package: perpscope\nArchitecture: (?:amd64|arm64)\nVersion: \d+\.\d+\.\d+\n$/u,
    );
    const lines = ask('--contents', deb).trimEnd().split('\n');
    expect(lines.filter((line) => !line.includes(' root/root '))).toEqual([]);
    const listed = new Map(lines.map((line) => [line.replace(/^.*?\.\//u, '/').replace(/ (?:->|link to) .*/u, ''), line.slice(0, 10)]));
    for (const [path, mode] of [
      ['/opt/Perpscope/perpscope', '-rwxr-xr-x'],
      ['/opt/Perpscope/chrome-sandbox', '-rwsr-xr-x'],
      ['/usr/bin/perpscope', 'lrwxrwxrwx'],
      ['/usr/share/applications/perpscope.desktop', '-rw-r--r--'],
      ['/usr/share/mime/packages/perpscope.xml', '-rw-r--r--'],
      ['/usr/share/icons/hicolor/512x512/apps/perpscope.png', '-rw-r--r--'],
      ['/usr/share/doc/perpscope/copyright', '-rw-r--r--'],
    ] as const)
      expect(`${path} ${listed.get(path)}`).toBe(`${path} ${mode}`);
    expect(lines.filter((line) => line.includes('rws')).length).toBe(1);
    ask('--control', deb, join(scratch, 'control'));
    expect(readFileSync(join(scratch, 'control/postrm'), 'utf8')).toContain('~/.config/Perpscope');
    ask('--extract', deb, join(scratch, 'extracted'));
    const entry = readFileSync(join(scratch, 'extracted/usr/share/applications/perpscope.desktop'), 'utf8');
    expect(entry).toContain('\nExec=/opt/Perpscope/perpscope %U\n');
    expect(entry).toContain('\nMimeType=application/vnd.perpscope.setup+json;\n');
    const mime = readFileSync(join(scratch, 'extracted/usr/share/mime/packages/perpscope.xml'), 'utf8');
    expect(mime).toContain('<mime-type type="application/vnd.perpscope.setup+json">');
    expect(mime).toContain('<glob pattern="*.perpsetup"/>');
    expect(entry).not.toContain('no-sandbox');
    expect(readFileSync(makeDeb(packed, join(scratch, 'deb-again'), arch, 'none')).equals(readFileSync(deb))).toBe(true);
  },
);

test('the installer of Windows says what stays and where, and only where Perpscope is not replaced by a newer one', () => {
  const { nsis } = config;
  expect(nsis).toMatchObject({ perMachine: false, deleteAppDataOnUninstall: false });
  const script = readFileSync(join(root, nsis?.include ?? 'none'), 'utf8');
  const [, said = ''] =
    /^!macro customUnInstall\n {2}\$\{ifNot\} \$\{isUpdated\}\n {4}(.+)\n {2}\$\{endIf\}\n!macroend$/mu.exec(script) ?? [];
  expect(said).toContain('What it recorded stays in $APPDATA\\Perpscope');
  // Without a person (a silent run) it does not wait for one.
  expect(said).toMatch(/^MessageBox MB_OK\|.+ \/SD IDOK$/u);
});

test('every platform opens the file of a setup with it', () => {
  expect(config.fileAssociations).toMatchObject([{ ext: 'perpsetup', mimeType: 'application/vnd.perpscope.setup+json' }]);
});

test('a Mac is asked for nothing but the right to compile JavaScript, under the hardened runtime', () => {
  const { mac } = config;
  expect(mac?.hardenedRuntime).toBe(true);
  expect([mac?.entitlements, mac?.entitlementsInherit]).toEqual(['build/entitlements.mac.plist', 'build/entitlements.mac.plist']);
  const plist = readFileSync(join(root, 'build/entitlements.mac.plist'), 'utf8');
  expect([...plist.matchAll(/<key>([^<]+)<\/key>\s*<(\w+)\/>/gu)].map(([, key, value]) => [key, value])).toEqual([
    ['com.apple.security.cs.allow-jit', 'true'],
  ]);
});
