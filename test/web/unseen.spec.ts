import { createClock } from '#node/clock.ts';
import { startDemoMarket } from '#node/demo/market.ts';
import { demoUrl, venueEnv } from '#test/support/demo-url.ts';
import type { Page } from '@playwright/test';
import { startRelay } from './relay.ts';
import { expect, test } from './terminal.ts';

/** Everything of the page that is read or heard, attributes included. */
const allText = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const told = ['title', 'aria-label', 'placeholder'].flatMap((name) =>
      Array.from(document.querySelectorAll(`[${name}]`), (one) => one.getAttribute(name) ?? ''),
    );
    return [document.title, document.body.textContent, ...told].join('\n');
  });
const HIDDEN = /[\u202E\u200B]/u;

test('what cannot be seen in the name of a list is shown, wherever the name stands', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  // The panels are laid out once the venues have answered, and that shuts a menu.
  for (const id of ['binance:BTCUSDT', 'bybit:BTCUSDT', 'hyperliquid:BTC']) await expect(terminal.row(id)).toBeVisible();
  await page.getByRole('button', { name: /^Lists/u }).click();
  await page.getByRole('menuitem', { name: 'New list' }).click();
  await page.getByRole('textbox', { name: 'Name of the list' }).fill('Ca\u200Brry \u202Exe.slx');
  await page.keyboard.press('Enter');
  const shown = 'Ca\\u200brry \\u202exe.slx';
  await expect(page.getByRole('tab', { name: shown })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: /^Lists/u }).click();
  await expect(page.getByRole('menuitem', { name: `Delete ${shown}` })).toBeVisible();
  expect(await allText(page)).not.toMatch(HIDDEN);
});

test('a symbol that hides something is no symbol: its row is refused, and said with what it hides', async ({ terminal }) => {
  const market = await startDemoMarket({ clock: createClock({ speed: 1, startAt: Date.now() }), seed: 7, log: { write: () => undefined } });
  const relay = await startRelay(demoUrl(market, 'binance'));
  relay.edit = (_path, text) => text.replaceAll('"DOGEUSDT"', '"DO\u202EGE\u200BUSDT"');
  const { page } = terminal;
  try {
    await terminal.start({ demoSpeed: null, env: venueEnv((id) => (id === 'binance' ? relay.url : demoUrl(market, id))) });
    await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
    await page.locator('[data-venue="binance"]').click();
    await expect(page.getByText('"DO\\u202eGE\\u200bUSDT"').first()).toBeVisible();
    expect(await allText(page)).not.toMatch(HIDDEN);
  } finally {
    await relay.close();
    await market.close();
  }
});
