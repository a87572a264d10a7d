import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { tell } from '#test/support/bench.ts';
import { endHost, type Host, keepList, startHost } from '#test/support/built-host.ts';
import { chromiumArgs, requireChromium } from '#test/support/chromium.ts';
import { startLargeMarket } from '#test/support/large-market.ts';
import { framesIn, traced } from '#test/support/page-trace.ts';
import { isShort } from '#test/support/short.ts';

/**
 * Frames while a list of everything is scrolled, five thousand rows that the venues' polls change about once a second: ms of the page's main
 * thread in each, by a trace of Chromium. Beside it the same rows as a bare table that nothing changes.
 */
const TIMES = isShort ? 1 : 17;
const SCROLLED_MS = isShort ? 2_000 : 20_000;
const POLL_SECONDS = 10;
const STEP_PX = 120;
/** Beyond what is drawn before anything is scrolled. */
const FAR = 100;

/** Down by wheel, a step each twentieth of a second, and up again from the end. */
async function scroll(page: Page): Promise<void> {
  const from = performance.now();
  for (let step = 0; performance.now() - from < SCROLLED_MS; step++) {
    await page.mouse.wheel(0, step % 200 < 150 ? STEP_PX : -3 * STEP_PX);
    await sleep(50);
  }
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
const told = (frames: readonly number[]): { readonly median: number; readonly p95: number; readonly most: number } => {
  const sorted = frames.toSorted((a, b) => a - b);
  return { median: at(sorted, 0.5), p95: at(sorted, 0.95), most: sorted.at(-1) ?? NaN };
};

const market = await startLargeMarket(TIMES);
const dataDir = await mkdtemp(join(tmpdir(), 'perpscope-scroll-'));
const browser = await chromium.launch({ executablePath: requireChromium(), args: [...chromiumArgs] });
let host: Host | null = null;
try {
  keepList(dataDir, market.instruments.slice(0, 20));
  const on = { enabled: true, url: null, pollSeconds: POLL_SECONDS };
  const venues = Object.fromEntries(market.venues.map((id) => [id, on]));
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ venues, introduced: true }));
  host = await startHost(dataDir, market.env);
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await page.goto(host.url);
  await page.getByRole('tab', { name: 'Everything' }).click();
  const grid = page.getByRole('grid').first();
  const wanted = Math.floor(0.9 * market.instruments.length);
  const counted = async (): Promise<number> => Number(await grid.getAttribute('aria-rowcount'));
  for (let looks = 0; (await counted()) < wanted && looks < 120; looks++) await sleep(1_000);
  const rows = await counted();
  if (rows < wanted) throw new Error(`Only ${rows} of ${market.instruments.length} rows came.`);
  await sleep(SCROLLED_MS);
  await grid.hover();
  await page.mouse.wheel(0, 100 * STEP_PX);
  const last = async (): Promise<number> => Number(await grid.locator('[aria-rowindex]').last().getAttribute('aria-rowindex'));
  for (let looks = 0; (await last()) < FAR && looks < 20; looks++) await sleep(500);
  if ((await last()) < FAR) throw new Error('The list does not go along with the wheel.');
  const own = told(framesIn(await traced(browser, page, () => scroll(page))));

  const bare = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const cells = '<td>0.0100</td>'.repeat(12);
  await bare.setContent(`<table>${`<tr>${cells}</tr>`.repeat(rows)}</table>`);
  await bare.mouse.move(400, 400);
  const plain = told(framesIn(await traced(browser, bare, () => scroll(bare))));

  tell(`${rows} rows of ${market.venues.length} venues, polled every ${POLL_SECONDS} s, scrolled for`, `${SCROLLED_MS / 1000} s`);
  tell(
    'main thread a frame: median (goal 8 ms), 95 of 100, most',
    `${own.median.toFixed(1)}, ${own.p95.toFixed(1)}, ${own.most.toFixed(1)} ms`,
  );
  tell('a bare table of as many rows', `${plain.median.toFixed(1)}, ${plain.p95.toFixed(1)}, ${plain.most.toFixed(1)} ms`);
  tell('the list beside it', `${(own.median / plain.median).toFixed(1)} x the bare table`);
} finally {
  await browser.close();
  if (host !== null) await endHost(host);
  await market.close();
  await rm(dataDir, { recursive: true, force: true });
}
