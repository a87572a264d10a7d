/** One way out of the program: src/node/http.ts. Whatever else could open a socket is listed here, each with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

const CALLS =
  /(?<![.\w]|async function )(?:globalThis\.|window\.|self\.)?(fetch|WebSocket|EventSource|XMLHttpRequest|WebTransport|RTCPeerConnection|sendBeacon)\s*\(/gu;
const MODULES =
  /(?:from|import|require)\s*\(?\s*'((?:node:)?(?:net|http|https|http2|tls|dgram|dns|dns\/promises)|undici|@hono\/node-server|ccxt|ws)'/gu;
/** Electron has a network of its own. */
const ELECTRON_NET = /import\s*\{[^}]*\b(net)\b[^}]*\}\s*from\s*'electron'/gu;
/** In these layers the compiler knows no fetch and no socket: a function of that name is their own. */
const PLAIN = /^src\/(?:domain|bridge|core)\//u;
const TYPES_ONLY = /^import type .*$/gmu;

/** What in the text could open a socket or listen on one. */
function socketsIn(text: string, path = 'src/node/x.ts'): string[] {
  const code = text.replace(TYPES_ONLY, '');
  return [...(PLAIN.test(path) ? [] : [CALLS]), MODULES, ELECTRON_NET].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => match[1] ?? ''),
  );
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // The port itself.
  'src/node/http.ts': ['fetch', 'node:dns', 'node:net', 'undici'],
  // The demo's exchanges listen on loopback.
  'src/node/demo/server.ts': ['node:http'],
  // The loopback host listens; its page asks it and nothing else (the CSP says so too).
  'src/web/host.ts': ['@hono/node-server'],
  'src/renderer/transports/http.ts': ['fetch'],
  'src/renderer/transports/shared-events.ts': ['EventSource'],
  // Before the first start: can Electron's binary be fetched at all?
  'src/launch/electron-binary.ts': ['fetch'],
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
  ["import { connect } from 'node:net';", ['node:net']],
  ["const http = require('https');", ['https']],
  ["await import('undici')", ['undici']],
  ["import { app, net } from 'electron';", ['net']],
  ["import type { Server } from 'node:http';", []],
  ['for await (const page of walk.fetch(1)) {}', []],
])('%s', (planted, sockets) => expect(socketsIn(planted)).toEqual(sockets));
