import { demoUrl, venueEnv } from '#test/support/demo-url.ts';
import { createClock } from '#node/clock.ts';
import { startDemoMarket } from '#node/demo/market.ts';
import { startRelay } from './relay.ts';
import { expect, test } from './terminal.ts';

const TWO = ['binance:SOLUSDT', 'binance:SOLUSDC'] as const;

test('two instruments of one coin on one venue can be told apart wherever they are named', async ({ terminal }) => {
  const { page } = terminal;
  // All rows of the list are in sight: of one that is longer than its window only those are in the document.
  await page.setViewportSize({ width: 1440, height: 2600 });
  await terminal.start();
  await terminal.drawn();
  await page.keyboard.press('+');
  const dialog = page.getByRole('dialog', { name: 'Add an instrument' });
  await dialog.getByRole('combobox').fill('sol binance');
  const hits = dialog.getByRole('option');
  await expect(hits.filter({ hasText: 'SOL/USDC' })).toHaveCount(1);
  await expect(hits.filter({ hasText: 'SOL/USDT' })).toHaveCount(1);
  await hits.filter({ hasText: 'SOL/USDC' }).click();
  await page.keyboard.press('Escape');
  for (const id of TWO) {
    const name = `SOL/${id.slice(-4)}`;
    await terminal.cell(id, 'asset').scrollIntoViewIfNeeded();
    await expect(terminal.cell(id, 'asset')).toHaveText(name);
    await terminal.cell(id, 'asset').click();
    await expect(page.locator('.instrument h2')).toHaveText(name);
    await expect(page).toHaveTitle(new RegExp(`^(?:\\(\\d+\\) )?${name} Binance`, 'u'));
  }
  await page.keyboard.press('Delete');
  await expect(page.getByText(/^SOL\/USDC Binance .+ removed from/u)).toBeVisible();
});

test('a market that lost half of its instruments says so until a person says that they are gone', async ({ terminal }) => {
  const market = await startDemoMarket({
    clock: createClock({ speed: 1, startAt: Date.now() }),
    seed: 7,
    log: { write: () => undefined },
  });
  const relay = await startRelay(demoUrl(market, 'binance'));
  const { page } = terminal;
  const bar = page.locator('footer [data-venue="binance"]');
  const dialog = page.getByRole('dialog', { name: 'Venues' });
  const env = venueEnv((id) => (id === 'binance' ? relay.url : demoUrl(market, id)));
  try {
    await terminal.start({ demoSpeed: null, env });
    await expect(bar).toHaveAttribute('data-state', 'healthy');
    relay.edit = (path, text) => {
      if (path !== '/fapi/v1/premiumIndex') return text;
      const rows = JSON.parse(text) as unknown[];
      return JSON.stringify(rows.slice(0, rows.length >> 1));
    };
    await bar.click();
    await dialog.getByRole('button', { name: 'Retry now' }).click();
    await expect(bar).toHaveAttribute('data-state', 'degraded');
    await expect(dialog.getByText(/stay listed until it tells of them again/u)).toBeVisible();
    await dialog.getByRole('button', { name: 'They are gone' }).click();
    await expect(bar).toHaveAttribute('data-state', 'healthy');
    await expect(dialog.getByRole('button', { name: 'They are gone' })).toHaveCount(0);
  } finally {
    await relay.close();
    await market.close();
  }
});
