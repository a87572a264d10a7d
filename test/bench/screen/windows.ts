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
import { isShort } from '#test/support/short.ts';

/**
 * How busy the main thread of a page is, by its own time, while nothing is done but what venues tell: six panels with three charts on two windows,
 * 22 venues, so that something changes each second. Beside it a bare page that writes a table of sixty rows once a second.
 */
const MEASURED_MS = isShort ? 3_000 : 60_000;
const SETTLED_MS = isShort ? 1_000 : 60_000;
const POLL_SECONDS = 10;

async function open(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill(name);
  await page.getByRole('option', { name }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Seconds of the page's own time in tasks of its main thread while it is left alone for `MEASURED_MS`, of each page its share in per cent. */
async function busyOf(pages: readonly Page[]): Promise<readonly number[]> {
  const sessions = await Promise.all(pages.map((page) => page.context().newCDPSession(page)));
  const read = (): Promise<readonly number[]> =>
    Promise.all(
      sessions.map(async (session) => {
        const { metrics } = await session.send('Performance.getMetrics');
        return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
      }),
    );
  for (const session of sessions) await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await read();
  const from = performance.now();
  await sleep(MEASURED_MS);
  const seconds = (performance.now() - from) / 1000;
  return (await read()).map((after, i) => ((after - (before[i] ?? NaN)) / seconds) * 100);
}

const market = await startLargeMarket();
const dataDir = await mkdtemp(join(tmpdir(), 'perpscope-windows-'));
const browser = await chromium.launch({ executablePath: requireChromium(), args: [...chromiumArgs] });
let host: Host | null = null;
try {
  keepList(dataDir, market.instruments.slice(0, 100));
  const on = { enabled: true, url: null, pollSeconds: POLL_SECONDS };
  const venues = Object.fromEntries(market.venues.map((id) => [id, on]));
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ venues, introduced: true }));
  host = await startHost(dataDir, market.env);
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
  const first = await context.newPage();
  await first.goto(host.url);
  const second = await context.newPage();
  await second.goto(new URL('/', host.url).href);
  for (const page of [first, second]) await page.getByRole('application').first().waitFor();
  await open(first, 'Another chart, with a link colour of its own');
  await open(second, 'Matrix');
  const shown = await Promise.all(
    [first, second].map(async (page) => [await page.locator('.dv-tab').count(), await page.getByRole('application').count()]),
  );
  await sleep(SETTLED_MS);
  const busy = await busyOf([first, second]);

  const bare = await context.newPage();
  await bare.setContent('<table></table>');
  await bare.evaluate(() => {
    let told = 0;
    setInterval(() => {
      told++;
      const row = `<tr>${`<td>${told}</td>`.repeat(12)}</tr>`;
      document
        .querySelector('table')
        ?.replaceChildren(...new DOMParser().parseFromString(`<table>${row.repeat(60)}</table>`, 'text/html').querySelectorAll('tr'));
    }, 1_000);
  });
  const [plain = NaN] = await busyOf([bare]);

  tell('panels and charts of each window', shown.map((counts) => counts.join(' and ')).join(', '));
  tell('busy, % of its main thread (goal 30)', busy.map((one) => one.toFixed(1)).join(', '));
  tell('a bare page with a table of sixty rows', `${plain.toFixed(1)} %`);
  tell('the busier window beside it', `${(Math.max(...busy) / plain).toFixed(1)} x the bare page`);
} finally {
  await browser.close();
  if (host !== null) await endHost(host);
  await market.close();
  await rm(dataDir, { recursive: true, force: true });
}
