/** One way out of the program: src/node/http.ts, with the agents for proxies that it asks through. Whatever else could open a socket is listed here, each with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

const CALLS =
  /(?<![.\w]|async function )(?:globalThis\.|window\.|self\.)?(fetch|WebSocket|EventSource|XMLHttpRequest|WebTransport|RTCPeerConnection|sendBeacon)\s*\(/gu;
/** By another name: taken from where it hangs, or given on. */
const TAKEN =
  /(?<![.\w])(?:(?:globalThis|window|self)\.(fetch|WebSocket|EventSource|XMLHttpRequest|WebTransport|RTCPeerConnection)\b(?!\s*\()|(?:=|\?\?|\|\|)\s*(fetch|WebSocket|EventSource|XMLHttpRequest)\s*[;,)\n])/gu;
const MODULES =
  /(?:from|import|require)\s*\(?\s*'((?:node:)?(?:net|http|https|http2|tls|dgram|dns|dns\/promises)|undici|@hono\/node-server|ccxt|ws)'/gu;
/** Electron has a network of its own, and so has what another program does. */
const ELECTRON_NET = /import\s*\{[^}]*\b(net|autoUpdater|crashReporter)\b[^}]*\}\s*from\s*'electron(?:\/main)?'/gu;
const WHOLE_ELECTRON = /import\s+(?:\*\s+as\s+)?(\w+)\s+from\s*'electron(?:\/main)?'/gu;
const OTHERS = /\b(session\.fetch|defaultSession\.fetch|navigator\.sendBeacon|getBuiltinModule)\s*\(|'((?:node:)?child_process)'/gu;
/** In these layers the compiler knows no fetch and no socket: a function of that name is their own. */
const PLAIN = /^src\/(?:domain|bridge|core)\//u;
const TYPES_ONLY = /^import type .*$/gmu;

/** What in the text could open a socket or listen on one. */
function socketsIn(text: string, path = 'src/node/x.ts'): string[] {
  const code = text.replace(TYPES_ONLY, '');
  return [...(PLAIN.test(path) ? [] : [CALLS, TAKEN]), MODULES, ELECTRON_NET, WHOLE_ELECTRON, OTHERS].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? ''),
  );
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // The port itself.
  'src/node/http.ts': ['fetch', 'node:dns', 'undici'],
  // Its agents for proxies, and which addresses are of this machine.
  'src/node/proxy/dispatchers.ts': ['node:net', 'undici'],
  'src/node/proxy/loopback.ts': ['node:net'],
  // A history in PostgreSQL, at the address that a person gave; its driver is given this socket, and makes none.
  'src/node/postgres/connection.ts': ['node:net'],
  // Old months of it in a bucket of S3, at the endpoint that a person gave.
  'src/node/archive/s3.ts': ['node:dns', 'undici'],
  // Its clients are given a fetch of ours, which asks through the port.
  'src/node/venues/ccxt/load.ts': ['ccxt'],
  // The demo's exchanges listen on loopback.
  'src/node/demo/server.ts': ['node:http'],
  // Figures of a collector are read from this machine's loopback, where that was asked for.
  'src/cli/collect-figures.ts': ['node:http'],
  // The loopback host listens; its page asks it and nothing else (the CSP says so too).
  'src/web/host.ts': ['@hono/node-server'],
  'src/renderer/transports/http.ts': ['fetch'],
  'src/renderer/transports/shared-events.ts': ['fetch'],
  // Before the first start: can Electron's binary be fetched at all?
  'src/launch/electron-binary.ts': ['fetch'],
  // Starts Electron's own installer where there is no binary, the bundler, and Electron on the built app.
  'src/launch/electron-install.ts': ['node:child_process'],
  'src/launch/build.ts': ['node:child_process'],
  'src/launch/desktop.ts': ['node:child_process'],
  // Starts one file of ours, which reads two databases and tells the answer.
  'src/node/query/child-process.ts': ['node:child_process'],
  // Dumps are kept on this machine: its upload is off (test/unit/main/crashes.test.ts).
  'src/main/crashes.ts': ['crashReporter'],
  // Asks the system who the parent is.
  'src/node/parent-watch.ts': ['node:child_process'],
};

test('nothing else in src opens a socket', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:ts|mjs|js|svelte)$/u.test(name),
  );
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((name) => {
    const path = join('src', name).replaceAll('\\', '/');
    const sockets = [...new Set(socketsIn(readFileSync(join(root, path), 'utf8'), path))].sort();
    return sockets.length > 0 ? [[path, sockets] as const] : [];
  });
  expect(Object.fromEntries(found)).toEqual(ALLOWED);
});

test.each([
  ["await fetch('https://x')", ['fetch']],
  ['globalThis.fetch(url)', ['fetch']],
  ['new WebSocket(url)', ['WebSocket']],
  ['const ask = globalThis.fetch;', ['fetch']],
  ['const ask = given ?? fetch;', ['fetch']],
  ['const Socket = window.WebSocket;', ['WebSocket']],
  ["import { connect } from 'node:net';", ['node:net']],
  ["const http = require('https');", ['https']],
  ["await import('undici')", ['undici']],
  ["import { app, net } from 'electron';", ['net']],
  ["import { autoUpdater } from 'electron';", ['autoUpdater']],
  ["import electron from 'electron';", ['electron']],
  ["await session.defaultSession.fetch('https://x')", ['defaultSession.fetch']],
  ["import { spawn } from 'node:child_process';", ['node:child_process']],
  ["import type { Server } from 'node:http';", []],
  ['for await (const page of walk.fetch(1)) {}', []],
])('%s', (planted, sockets) => expect(socketsIn(planted)).toEqual(sockets));

test('no window is given up to the page: these of Electron are never set', () => {
  const given = /\b(?:webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures)\b/u;
  expect(given.test('webPreferences: { webSecurity: false }')).toBe(true);
  const setIn = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(?:ts|mjs|svelte)$/u.test(name) && given.test(readFileSync(join(root, 'src', name), 'utf8')),
  );
  expect(setIn).toEqual([]);
});
