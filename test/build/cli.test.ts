import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleCli, packCli } from '../../build/cli.ts';

const scratch = mkdtempSync(join(tmpdir(), 'perpscope-cli-test-'));
let name = '';
let folder = '';
let files: string[] = [];
beforeAll(() => {
  name = packCli(bundleCli(), scratch);
  execFileSync('tar', ['-xzf', join(scratch, `${name}.tar.gz`), '-C', scratch]);
  folder = join(scratch, name);
  files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
}, 600_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Without a display, without the repository, with a home of its own. */
const run = (...args: string[]) =>
  spawnSync(join(folder, process.platform === 'win32' ? 'perpscope.cmd' : 'perpscope'), args, {
    cwd: scratch,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: {
      PATH: '/usr/bin:/bin',
      HOME: scratch,
      XDG_CONFIG_HOME: scratch,
      TMPDIR: scratch,
      SystemRoot: process.env['SystemRoot'],
      PERPSCOPE_LOOPBACK_ONLY: '1',
    },
  });

test('holds Node, the bundle, what it loads, licences, and nothing of Electron, tests or sources', () => {
  expect(readdirSync(folder).toSorted()).toEqual([
    'LICENSE',
    'LICENSE-node',
    'THIRD_PARTY_NOTICES.md',
    'app',
    'node',
    'node_modules',
    'perpscope',
  ]);
  expect(files).toContain('app/cli.js');
  expect(files.filter((file) => /\.(?:ts|map|svelte)$|electron|node_modules\/(?:svelte|echarts|hono|playwright)/u.test(file))).toEqual([]);
  expect(files.filter((file) => file.endsWith('.node'))).toEqual([
    `node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`,
  ]);
  const megabytes = statSync(join(scratch, `${name}.tar.gz`)).size / 1e6;
  expect(megabytes).toBeGreaterThan(20);
  expect(megabytes).toBeLessThan(90);
});

test('runs by itself: help, its own Node, metrics of a file through a worker', () => {
  expect(run('--help')).toMatchObject({ status: 0, stderr: '' });
  const listed = run('metrics', '--list');
  expect(listed.status).toBe(0);
  expect(listed.stdout).toContain('ema-divergence');
  expect(execFileSync(join(folder, 'node'), ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./u);
});

test('collects the demo’s kind of history where there is no network: it says why, and makes a history', () => {
  const collected = run('collect', '--all', '--for', '2s', '--data-dir', join(scratch, 'data'));
  expect(collected.stderr).not.toContain('Cannot find');
  expect(readdirSync(join(scratch, 'data'))).toContain('history.sqlite');
});

test('its bill of materials names what lies in it, and the same files make the same bytes', () => {
  const { components } = JSON.parse(readFileSync(join(scratch, `${name}.cdx.json`), 'utf8')) as { components: { name: string }[] };
  const named = new Set(components.map((component) => component.name));
  const packages = [
    ...new Set(files.flatMap((file) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/u.exec(file)?.[1] ?? [])),
  ];
  expect(packages).toEqual(expect.arrayContaining(['better-sqlite3', 'ccxt', 'undici']));
  expect(packages.filter((one) => !named.has(one))).toEqual([]);
});
