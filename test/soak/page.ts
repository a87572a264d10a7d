import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { tell } from '#test/support/bench.ts';
import { chromiumArgs, requireChromium } from '#test/support/chromium.ts';
import { isShort } from '#test/support/short.ts';

/**
 * What the page holds over eight hours of the app's clock: the list of everything, a chart and the matrix on the demo market. Its heap,
 * nodes and listeners after a forced collection at every hour. Histories come in the first hours, so the slope is that of the second half.
 */
const SPEED = 60;
const HOURS = isShort ? 0.2 : 8;
const LOOKS = isShort ? 4 : 16;
/** A page that keeps one price of each row a poll (30 s, 100 bytes) would rise by more. */
const MOST_KB_AN_HOUR = 512;
/** Of nodes and listeners: as many rows as come and go by themselves. */
const MOST_NODES_AN_HOUR = 250;
const HOST = resolve(import.meta.dirname, '../../out/main/web.js');

interface Held {
  readonly hour: number;
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** By least squares, of the unit an hour. */
function slopeOf(held: readonly Held[], what: 'heap' | 'nodes' | 'listeners'): number {
  const meanOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [x, y] = [meanOf(held.map(({ hour }) => hour)), meanOf(held.map((one) => one[what]))];
  const of = held.reduce((sum, one) => sum + (one.hour - x) * (one[what] - y), 0);
  return of / held.reduce((sum, { hour }) => sum + (hour - x) ** 2, 0);
}

/** The list of everything, a chart of its first row, and the matrix beside them. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('tab', { name: 'Everything' }).click();
  const grid = page.getByRole('grid').first();
  await grid.locator('[aria-rowindex="2"]').click();
  await page.locator('[aria-label="Chart"] .canvas canvas').first().waitFor();
  await grid.focus();
  await page.keyboard.press('m');
  await page.getByRole('region', { name: 'Matrix of assets and venues' }).waitFor();
}

async function end(app: ChildProcess): Promise<void> {
  const ended = once(app, 'exit');
  app.kill('SIGTERM');
  await ended;
}

if (!existsSync(HOST)) throw new Error('This measures the built app: run `npx electron-vite build` first.');
const folder = await mkdtemp(join(tmpdir(), 'perpscope-page-'));
mkdirSync(join(folder, 'demo'));
writeFileSync(join(folder, 'demo', 'settings.json'), JSON.stringify({ introduced: true }));
const app = spawn(process.execPath, [HOST, '--data-dir', folder, '--demo', '--demo-speed', String(SPEED), '--no-open'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const browser = await chromium.launch({ executablePath: requireChromium(), args: [...chromiumArgs] });
try {
  const [line] = (await once(createInterface({ input: app.stdout }), 'line')) as [string];
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.setDefaultTimeout(120_000);
  await open(page, /https?:\/\/\S+/u.exec(line)?.[0] ?? line);
  const devtools = await page.context().newCDPSession(page);
  const look = async (hour: number): Promise<Held> => {
    for (let n = 0; n < 3; n++) await devtools.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    return { hour, heap: usedSize, nodes, listeners: jsEventListeners };
  };
  const began = performance.now();
  const held: Held[] = [];
  for (let n = 1; n <= LOOKS; n++) {
    const due = (n * HOURS * 3_600_000) / SPEED / LOOKS;
    await sleep(Math.max(0, began + due - performance.now()));
    const one = await look(((performance.now() - began) * SPEED) / 3_600_000);
    held.push(one);
    console.log(`${one.hour.toFixed(1).padStart(5)} h  ${(one.heap / 1e6).toFixed(1)} MB  ${one.nodes} nodes  ${one.listeners} listeners`);
  }
  const later = held.slice(LOOKS / 2);
  const heap = slopeOf(later, 'heap') / 1024;
  const [nodes, listeners] = [slopeOf(later, 'nodes'), slopeOf(later, 'listeners')];
  tell('hours of the app’s clock, times real time', `${HOURS}, ${SPEED}`);
  tell(`heap in the second half rises an hour (goal under ${MOST_KB_AN_HOUR} kB)`, `${heap.toFixed(0)} kB`);
  tell(`nodes and listeners (goal under ${MOST_NODES_AN_HOUR})`, `${nodes.toFixed(0)}, ${listeners.toFixed(0)}`);
  if (!isShort && (heap > MOST_KB_AN_HOUR || nodes > MOST_NODES_AN_HOUR || listeners > MOST_NODES_AN_HOUR)) process.exitCode = 1;
} finally {
  await browser.close();
  await end(app);
  await rm(folder, { recursive: true, force: true });
}
