import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assetPath, createAssetServer } from '#node/assets.ts';

let base = '';
let root = '';
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'perpscope-assets-'));
  root = join(base, 'renderer');
  mkdirSync(join(root, 'assets/folder.js'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<p>page</p>');
  writeFileSync(join(root, 'icon.svg'), '<svg/>');
  writeFileSync(join(root, 'favicon.ico'), 'ico');
  writeFileSync(join(root, 'assets/app-BX12ab34.js'), 'export {};');
  writeFileSync(join(root, 'assets/app.js.map'), '{}');
  writeFileSync(join(root, '.env.js'), 'hidden');
  writeFileSync(join(base, 'secret.js'), 'secret');
  mkdirSync(join(base, 'renderer-evil'));
  writeFileSync(join(base, 'renderer-evil/x.js'), 'secret');
  symlinkSync(join(base, 'secret.js'), join(root, 'link.js'));
  symlinkSync(base, join(root, 'up'));
  symlinkSync(join(root, 'icon.svg'), join(root, 'inside.svg'));
  symlinkSync(join(root, 'loop.js'), join(root, 'loop.js'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const get = (url: string, connectSelf = true, method = 'GET') => createAssetServer(root, { connectSelf })(new Request(url, { method }));

test.each([
  ['/', 'text/html; charset=utf-8', 'no-store'],
  ['/index.html', 'text/html; charset=utf-8', 'no-store'],
  ['/index.html?x=1#y', 'text/html; charset=utf-8', 'no-store'],
  ['/assets/app-BX12ab34.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ['/icon.svg', 'image/svg+xml', 'no-cache'],
  ['/favicon.ico', 'image/x-icon', 'no-cache'],
  ['/inside.svg', 'image/svg+xml', 'no-cache'],
])('%s is served', async (path, type, cache) => {
  const response = await get(`http://127.0.0.1:1${path}`);
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([200, type, cache]);
  expect((await response.arrayBuffer()).byteLength).toBe(Number(response.headers.get('content-length')));
});

test.each([
  '/../secret.js',
  '/..%2fsecret.js',
  '/%2e%2e/secret.js',
  '/%2e%2e%2fsecret.js',
  '/assets/..%2f..%2fsecret.js',
  '/..%5csecret.js',
  '/assets/..\\..\\secret.js',
  '/..%252fsecret.js',
  '/../renderer-evil/x.js',
  '/..%2frenderer-evil/x.js',
  '/link.js',
  '/up/secret.js',
  '/loop.js',
  '/index.html%00.js',
  '/icon.svg%00',
  '/%00',
  '/.env.js',
  '/assets/app.js.map',
  '/assets/folder.js',
  '/assets/',
  '/assets',
  '/index.html/',
  '//index.html',
  '/index.html::$DATA',
  '/C:/Windows/x.js',
  '/missing.js',
  '/%ff.js',
  '/%.js',
  `/${'a'.repeat(5000)}.js`,
  `/${'a/'.repeat(250)}a.js`,
])('%s is not there', async (path) => {
  for (const origin of ['http://127.0.0.1:1', 'app://bundle']) {
    const response = await get(origin + path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  }
});

test('a dot segment cannot leave the root even where it names a real file', () => {
  expect(assetPath('app://bundle/../../etc/passwd.js')).toBe('/etc/passwd.js');
  expect(assetPath('app://bundle/..%2f..%2fetc/passwd.js')).toBeNull();
});

test('every answer carries the policy; only the loopback host lets the page connect, and only to itself', async () => {
  for (const path of ['/', '/missing.js']) {
    const policies = await Promise.all(
      [true, false].map(async (connectSelf) => (await get(`http://localhost${path}`, connectSelf)).headers),
    );
    const [loopback, desktop] = policies.map((headers) => headers.get('content-security-policy') ?? '');
    expect(desktop).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(loopback).toBe(desktop?.replace("connect-src 'none'", "connect-src 'self'"));
    for (const headers of policies) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
    }
  }
});

test('HEAD has no body, other methods are refused', async () => {
  const head = await get('http://localhost/icon.svg', true, 'HEAD');
  expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', '6']);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await get('http://localhost/', true, method)).status).toBe(405);
});
