import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downloadUrl, findElectron, probe } from '#launch/electron-binary.ts';
import { installElectron } from '#launch/electron-install.ts';
import { House } from './house.ts';

let house: House;
let servers: Server[] = [];
beforeEach(() => {
  house = new House();
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
  await house.close();
});

const signal = new AbortController().signal;
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('the binary is there when path.txt and the file that it names are', () => {
  expect(findElectron(house.root, {})).toBeNull();
  house.write('node_modules/electron/path.txt', 'electron');
  expect(findElectron(house.root, {})).toBeNull();
  house.write('node_modules/electron/dist/electron', '');
  expect(findElectron(house.root, {})).toBe(join(house.root, 'node_modules/electron/dist/electron'));
});

test('an override counts as there', () => {
  expect(findElectron(house.root, { ELECTRON_OVERRIDE_DIST_PATH: '' })).toBeNull();
  house.write('node_modules/electron/path.txt', 'Electron.app/Contents/MacOS/Electron');
  expect(findElectron(house.root, { ELECTRON_OVERRIDE_DIST_PATH: '/dist' })).toBe(join('/dist', 'Electron.app/Contents/MacOS/Electron'));
});

test('the address is the one that electron/install.js uses', async () => {
  expect(await downloadUrl(house.root, { ELECTRON_INSTALL_PLATFORM: 'darwin', npm_config_arch: 'arm64' })).toMatch(
    /\/v45\.4\.1\/electron-v45\.4\.1-darwin-arm64\.zip$/u,
  );
});

test('a host that answers at all is there, whatever it says', async () => {
  for (const status of [200, 404, 503]) {
    expect(await probe(await serve((_request, response) => response.writeHead(status).end()), signal)).toBeNull();
  }
});

test('a host that never answers is given up in time', async () => {
  expect(await probe(await serve(() => undefined), signal, 100)).toMatch(/^127\.0\.0\.1:\d+ does not answer within 0\.1 s$/u);
});

test('a name that does not exist is told', async () => {
  expect(await probe('http://perpscope.invalid/', signal)).toMatch(/^perpscope\.invalid cannot be reached \(/u);
});

const limits = { totalMs: 60_000, silentMs: 60_000 };
const install = (script: string, some: Partial<typeof limits> = {}) => {
  house.write(
    'node_modules/electron/install.js',
    `const fs = require('node:fs'); const os = require('node:os'); const path = require('node:path');\n${script}`,
  );
  const told: number[] = [];
  return installElectron(house.root, (bytes) => told.push(bytes), signal, { ...limits, ...some }).then((why) => ({ why, told }));
};
const leftOver = () => readdirSync(tmpdir()).filter((name) => name.startsWith('perpscope-electron-'));

test('bytes are told as they arrive, and nothing is left behind', async () => {
  const before = leftOver();
  const { why, told } = await install(`
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'electron-download-')), 'electron.zip');
    let n = 0;
    const timer = setInterval(() => { fs.appendFileSync(file, Buffer.alloc(1000)); if (++n === 60) { clearInterval(timer); } }, 20);`);
  expect(why).toBeNull();
  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(leftOver()).toEqual(before);
});

test('a download that stands still is ended', async () => {
  const { why } = await install(`setInterval(() => {}, 1000);`, { silentMs: 400 });
  expect(why).toBe('the download stood still for 0.4 s');
});

test('a download that drips for ever is ended', async () => {
  const { why } = await install(`setInterval(() => fs.appendFileSync(path.join(os.tmpdir(), 'x'), 'x'), 5);`, {
    totalMs: 1200,
    silentMs: 1100,
  });
  expect(why).toMatch(/^the download took longer than/u);
});

test('a download that fails is told in one line, without its stack', async () => {
  const { why } = await install(
    `console.error(new Error('Response code 404 (Not Found) for https://example.org').stack); process.exit(1);`,
  );
  expect(why).toBe('its download failed: Error: Response code 404 (Not Found) for https://example.org');
});
