/**
 * Makes docs/tour.png, twenty seconds of the terminal as an animated PNG, from the built app on the demo market: `npm run docs:tour`,
 * after `npm run build`. Needs a Chromium (CHROMIUM_PATH, or the one on the PATH). GitHub plays an animated PNG of a README
 * where it stands; a video file it only links to.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from '@playwright/test';
import { chromiumArgs, requireChromium } from '#test/support/chromium.ts';
import { makeDemoFolder } from '#test/support/demo-folder.ts';
import { animated, type Frame } from './apng.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DOCS = join(ROOT, 'docs');
/** Small enough for a README of 3 MB, large enough to read. */
const TOUR = { width: 1120, height: 700 };
/** An hour a minute, as the demo is by itself. */
const SPEED = 60;
/** Of what hangs, not of what is slow. */
const PATIENCE_MS = 120_000;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'perpscope-screens-'));
  try {
    await makeDemoFolder(folder);
    const app = spawn(process.execPath, [join(ROOT, 'out/main/web.js'), '--data-dir', folder, '--demo', '--demo-speed', String(SPEED)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const browser = await chromium.launch({ executablePath: requireChromium(), args: chromiumArgs });
    try {
      const [address] = (await once(createInterface({ input: app.stdout }), 'line')) as [string];
      const page = await browser.newPage({ viewport: TOUR });
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(address);
      await page.waitForURL(`${new URL(address).origin}/`);
      await page.getByRole('tab', { name: 'AI tokens', exact: true }).click();
      const frames = await tour(page);
      const bytes = animated(frames);
      writeFileSync(join(DOCS, 'tour.png'), bytes);
      const seconds = frames.reduce((sum, { ms }) => sum + ms, 0) / 1000;
      console.log(`docs/tour.png: ${frames.length} frames, ${seconds} s, ${(bytes.length / 1e6).toFixed(2)} MB`);
    } finally {
      await browser.close();
      app.kill('SIGTERM');
      await once(app, 'exit');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or command' }).fill(title);
  await page.getByRole('option', { name: title }).first().click();
}

const row = (page: Page, id: string) => page.locator(`[data-id="${id}"] [data-column="asset"]`);
const size = (page: Page) => page.locator('[data-figure="quantity"] .value');

/** The chart is drawn, and nothing on the page is still being counted. */
async function drawn(page: Page): Promise<void> {
  await page.locator('[data-bars]:not([data-bars="0"])').first().waitFor();
  await page.getByText('Counting over the stored history').waitFor({ state: 'hidden' });
}
/** Every row in sight has its divergence: histories of the demo have come. */
const filled = (page: Page): Promise<void> =>
  page
    .locator('.line')
    .filter({ hasNot: page.locator('[data-column="d"]', { hasText: /\d/u }) })
    .waitFor({ state: 'detached' });

/** Twenty seconds: the list, the chart of what is crowded, a size by keyboard, the palette, another theme. */
async function tour(page: Page): Promise<Frame[]> {
  const frames: Frame[] = [];
  const shot = async (ms: number): Promise<void> => {
    frames.push({ png: await page.screenshot(), ms });
  };
  await page.getByRole('grid').focus();
  await row(page, 'binance:TAOUSDT').click();
  await filled(page);
  await drawn(page);
  await shot(1800);
  for (let i = 0; i < 3; i += 1) {
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await drawn(page);
    await shot(1000);
  }
  await row(page, 'binance:NEARUSDT').click();
  await drawn(page);
  await shot(2000);
  for (const [key, ms] of [
    ['[', 1200],
    [']', 800],
    ['u', 1200],
  ] as const) {
    await page.keyboard.press(key);
    await drawn(page);
    await shot(ms);
  }
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('u');
  await page.keyboard.press('s');
  await size(page).filter({ hasText: /\d/u }).waitFor();
  await shot(1800);
  for (const risk of ['0.5', '0.25']) {
    await page.locator('[data-field="risk"] .box input').fill(risk);
    await size(page).filter({ hasText: /\d/u }).waitFor();
    await shot(1300);
  }
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or command' }).fill('theme');
  await shot(1500);
  await page.keyboard.press('Escape');
  for (const theme of ['Light', 'High contrast', 'Dark']) {
    await command(page, `Theme: ${theme}`);
    await page.mouse.move(0, 0);
    await drawn(page);
    await shot(theme === 'Dark' ? 1300 : 1900);
  }
  return frames;
}

await main();
