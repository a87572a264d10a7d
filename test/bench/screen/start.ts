import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { openHistory } from '#node/history/open.ts';
import { inMs, random, tell } from '#test/support/bench.ts';
import { endHost, keepList, startHost } from '#test/support/built-host.ts';
import { chromiumArgs, requireChromium } from '#test/support/chromium.ts';
import { isShort } from '#test/support/short.ts';

/**
 * From the start of the built app, with its network cut, to a watchlist whose row can be selected and shows its rate and its divergence: a thousand
 * instruments with a year of stored history. The browser runs already; a Node that does nothing stands beside it as the measure of the machine.
 */
const WATCHED = isShort ? 20 : 1_000;
const HOURS = isShort ? 240 : 8_760;
const ROUNDS = isShort ? 1 : 5;
const VENUE = 'binance';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const watched = Array.from({ length: WATCHED }, (_, i) =>
  newInstrument({ venue: VENUE, symbol: `A${i}USDT`, asset: `A${i}`, quote: 'USDT', settle: 'USDT' }),
);
const dataDir = await mkdtemp(join(tmpdir(), 'perpscope-start-'));
const end = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const from = end - HOURS * HOUR_MS;
const store = await openHistory({ file: join(dataDir, 'history.sqlite'), demo: false, log: { write: () => undefined }, now: () => end });
const next = random(5);
for (let hour = 1; hour <= HOURS; hour++) {
  const observedAt = from + hour * HOUR_MS - 30_000;
  const nextFundingAt = Math.ceil(observedAt / (8 * HOUR_MS)) * 8 * HOUR_MS;
  const snapshots = watched.map(({ symbol }) => {
    const index = 100 + next();
    const [rate, mark] = [1e-4 + 1e-5 * next(), index * (1 + 1e-4 * next())];
    return { symbol, rate, intervalH: 8, nextFundingAt, mark, index, openInterest: 1000 + next(), volume24h: 1e6, interestPer8h: 1e-4 };
  });
  await store.recordPoll({ venue: VENUE, observedAt, pollMs: HOUR_MS, instruments: watched, snapshots, watched: new Set() });
}
for (const { id } of watched) {
  const stamps = Array.from({ length: HOURS / 8 }, (_, i) => from + (i + 1) * 8 * HOUR_MS);
  const settled = stamps.map((stamp) => ({ stamp, rate: 1e-4 + 1e-5 * next(), intervalH: 8, mark: 100, premium: null }));
  await store.recordSettled(id, settled, end, null);
}
await store.maintain(end);
await store.close();
keepList(
  dataDir,
  watched.map(({ id }) => id),
);
const on = { enabled: true, url: null, pollSeconds: 30 };
await writeFile(join(dataDir, 'settings.json'), JSON.stringify({ venues: { [VENUE]: on }, introduced: true }));

const browser = await chromium.launch({ executablePath: requireChromium(), args: [...chromiumArgs] });
try {
  const took: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bareFrom = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    bare.push(performance.now() - bareFrom);

    const began = performance.now();
    const host = await startHost(dataDir, { PERPSCOPE_LOOPBACK_ONLY: '1' });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(host.url);
    const row = page.getByRole('row').filter({ hasText: 'A1/USDT' });
    await row.locator('[data-column="d"]', { hasText: /\d/u }).waitFor({ timeout: 120_000 });
    await row.click();
    took.push(performance.now() - began);
    await page.close();
    await endHost(host);
  }
  tell(
    `${WATCHED} instruments with ${HOURS} hours stored: start to usable (goal 1.8 s)`,
    `${inMs(median(took))} (${took.map((one) => one.toFixed(0)).join(' ')})`,
  );
  tell('a Node that does nothing, from its start to its end', inMs(median(bare)));
  tell('the start of the app beside it', `${(median(took) / median(bare)).toFixed(1)} x reference`);
} finally {
  await browser.close();
  await rm(dataDir, { recursive: true, force: true });
}
