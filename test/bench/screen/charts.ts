/**
 * A line of prices and its average, drawn for the first time, panned and zoomed: our pane beside uPlot, lightweight-charts and bare ECharts
 * that draw the same, in one run. A page of its own for each; frames as fast as they can be made.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { build } from 'vite';
import { inMs, tell } from '#test/support/bench.ts';
import { chromiumArgs, requireChromium } from '#test/support/chromium.ts';
import { isShort } from '#test/support/short.ts';
import type { Drawn, Library } from './charts-child.ts';

const LIBRARIES: readonly Library[] = ['perpscope', 'uplot', 'lightweight-charts', 'echarts'];
const SIZES = isShort ? [10_000] : [100_000, 1_000_000];
const ROUNDS = isShort ? 1 : 5;
const STEPS = isShort ? 10 : 60;
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };
const PAGE =
  '<!doctype html><link rel="stylesheet" href="/page.css"><body style="background:#111"><script type="module" src="/page.js"></script>';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

declare global {
  interface Window {
    draw: (library: Library, points: number, stepCount: number) => Promise<Drawn>;
  }
}

async function drawIn(browser: Browser, url: string, library: Library, points: number): Promise<Drawn> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 500 } });
  try {
    await page.goto(url);
    await page.waitForFunction(() => 'draw' in window);
    return await page.evaluate(([name, count, steps]) => window.draw(name, count, steps), [library, points, STEPS] as const);
  } finally {
    await page.close();
  }
}

const outDir = await mkdtemp(join(tmpdir(), 'perpscope-charts-'));
await build({
  configFile: false,
  root: import.meta.dirname,
  logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"' },
  build: { outDir, lib: { entry: join(import.meta.dirname, 'charts-child.ts'), formats: ['es'], fileName: 'page', cssFileName: 'page' } },
});
const server = createServer(({ url = '/' }, response) => {
  const type = TYPES[url.split('.').at(-1) ?? ''];
  if (type === undefined) response.setHeader('content-type', 'text/html').end(PAGE);
  else createReadStream(join(outDir, url === '/page.js' ? 'page.js' : 'page.css')).pipe(response.setHeader('content-type', type));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: requireChromium(),
  args: [
    ...chromiumArgs,
    ...['--disable-frame-rate-limit', '--disable-gpu-vsync', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  ],
});
try {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  for (const points of SIZES) {
    const drawn: Record<Library, Drawn[]> = { perpscope: [], uplot: [], 'lightweight-charts': [], echarts: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const library of LIBRARIES)
        // It takes ten seconds for a million points, and one such round tells as much.
        if (round === 0 || library !== 'lightweight-charts') drawn[library].push(await drawIn(browser, url, library, points));
    const figures = LIBRARIES.map((library) => {
      const those = drawn[library];
      return {
        library,
        first: median(those.map(({ first }) => first)),
        again: median(those.map(({ again }) => again)),
        pan: median(those.flatMap(({ pan }) => pan)),
        zoom: median(those.flatMap(({ zoom }) => zoom)),
        heap: median(those.map(({ heap }) => heap)),
      };
    });
    for (const { library, first, again, pan, zoom, heap } of figures)
      tell(
        `${points} points, ${library}: first paint, of a second chart, pan, zoom, heap`,
        `${inMs(first)}, ${inMs(again)}, ${inMs(pan)}, ${inMs(zoom)}, ${(heap / 1e6).toFixed(1)} MB`,
      );
    const [ours, uplot] = figures;
    if (ours === undefined || uplot === undefined) continue;
    const times = (key: 'first' | 'again' | 'pan' | 'zoom'): string => (ours[key] / uplot[key]).toFixed(2);
    tell(
      `${points} points, ours beside uPlot (goals: first paint 2, pan 1.7; heap 10 MB)`,
      `first paint ${times('first')} x bare uPlot, of a second chart ${times('again')}, pan ${times('pan')}, zoom ${times('zoom')}`,
    );
  }
} finally {
  await browser.close();
  server.close();
  await rm(outDir, { recursive: true, force: true });
}
