import { createPackage, listPackage, statFile } from '@electron/asar';
import Database from 'better-sqlite3';
import { build } from 'electron-builder';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { config } from '../../build/config.ts';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'perpscope-package-'));
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
let resources = '';
let files: string[] = [];

/** A folder that electron-builder takes for Electron's: its binary cannot be fetched everywhere, and packing needs none. */
async function fakeElectron(): Promise<string> {
  const dist = join(scratch, 'electron-dist');
  mkdirSync(join(dist, 'resources'), { recursive: true });
  for (const name of ['electron', 'LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(dist, name), '');
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
  resources = join(output, folder ?? 'nothing was packed', 'resources');
  files = listPackage(join(resources, 'app.asar'), { isPack: false }).map((file) => file.replaceAll('\\', '/'));
}, 120_000);
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
