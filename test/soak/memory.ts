import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultSettings } from '#core/default-settings.ts';
import { createVenues } from '#node/venues/index.ts';
import { tell } from '#test/support/bench.ts';
import { ioOf } from '#test/support/venue-io.ts';
import { isShort } from '#test/support/short.ts';

/**
 * What the app's process holds, its workers among it, after eight hours of its own clock with every venue on: the built host on the demo
 * market, whose servers live in the same process and are measured by themselves besides. No browser. Linux alone says what a process holds (PSS).
 */
const SPEED = 20;
const HOURS = isShort ? 0.2 : 8;
const LOOKS = isShort ? 3 : 32;
const MOST_MB = 600;
const ROUNDS = isShort ? 2 : 100;
const MARKET = resolve(import.meta.dirname, 'market-child.ts');
const HOST = resolve(import.meta.dirname, '../../out/main/web.js');

/**
 * What the demo's market holds by itself, bytes: what it adds to a process that does nothing else, once every venue was asked for its rates
 * as often as the app asks in the first hours.
 */
async function marketHolds(): Promise<{ readonly bytes: number; readonly polls: number }> {
  const child = spawn(process.execPath, [MARKET, String(SPEED)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let polls = 0;
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    const before = pssOf(child.pid ?? 0);
    child.stdin.write('begin\n');
    const urls = JSON.parse((await lines.next()).value ?? '{}') as Record<string, string>;
    for (let round = 0; round < ROUNDS; round++)
      for (const venue of createVenues()) {
        const url = urls[venue.id];
        if (url === undefined) continue;
        // Some are down for a while: that is the demo's story.
        polls += await venue.poll(ioOf(venue, url, () => Date.now())).then(
          () => 1,
          () => 0,
        );
      }
    return { bytes: pssOf(child.pid ?? 0) - before, polls };
  } finally {
    child.kill();
    await ended;
  }
}

/** PSS of a process and of those that it started, bytes. */
function pssOf(pid: number): number {
  const own = Number(/^Pss:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) * 1024;
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.reduce((sum, child) => sum + pssOf(child), own);
}

if (process.platform !== 'linux') throw new Error('PSS is read from /proc, which only Linux has.');
if (!existsSync(HOST)) throw new Error('This measures the built app: run `npx electron-vite build` first.');
const folder = await mkdtemp(join(tmpdir(), 'perpscope-memory-'));
const venues = Object.entries(defaultSettings(createVenues()).venues);
mkdirSync(join(folder, 'demo'));
const on = Object.fromEntries(venues.map(([id, venue]) => [id, { ...venue, enabled: true }]));
writeFileSync(join(folder, 'demo', 'settings.json'), JSON.stringify({ venues: on, introduced: true }));

const app = spawn(process.execPath, [HOST, '--data-dir', folder, '--demo', '--demo-speed', String(SPEED), '--no-open'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const ended = once(app, 'exit');
try {
  const pid = app.pid ?? 0;
  await Promise.race([
    once(createInterface({ input: app.stdout }), 'line'),
    ended.then(([code]) => Promise.reject(new Error(`The app ended with ${String(code)}.`))),
  ]);
  const held: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    await sleep((HOURS * 3_600_000) / SPEED / LOOKS);
    held.push(pssOf(pid) / 1e6);
  }
  const [last = Infinity, most] = [held.at(-1), Math.max(...held)];
  tell('venues that are on', String(venues.length));
  tell('hours of the app’s clock, times real time', `${HOURS}, ${SPEED}`);
  const { bytes, polls } = await marketHolds();
  const market = bytes / 1e6;
  tell('PSS at the end, at most', `${last.toFixed(0)}, ${most.toFixed(0)} MB`);
  tell('of it the demo’s 22 servers and their market, by themselves in a process after so many polls', `${market.toFixed(0)} MB, ${polls}`);
  tell(`what the app holds without them (goal under ${MOST_MB} MB)`, `${(last - market).toFixed(0)} MB`);
  tell('at each look, MB', held.map((one) => one.toFixed(0)).join(' '));
  if (last - market >= MOST_MB) process.exitCode = 1;
} finally {
  app.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true, force: true });
}
