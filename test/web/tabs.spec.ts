import type { Page } from '@playwright/test';
import { expect, test } from './terminal.ts';

/** The theme on a tab's screen: changed by one, it reaches the others as an event. */
const theme = (page: Page) => page.locator('html');

test('more tabs than a browser has connections all live, and go on when the one that holds the stream closes', async ({ terminal }) => {
  // Seven screens live at once: on a busy machine that is slow, and no fault.
  test.slow();
  const { page } = terminal;
  await terminal.start();
  await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
  const others: Page[] = [];
  for (let n = 0; n < 6; n += 1) {
    const tab = await page.context().newPage();
    await tab.goto(new URL(page.url()).origin);
    await expect(tab.getByRole('grid').locator('[data-id]').first()).toBeVisible();
    others.push(tab);
  }
  const change = async (tab: Page, text: string): Promise<void> => {
    await tab.bringToFront();
    await tab.keyboard.press('Control+k');
    await tab.getByRole('combobox').fill(text);
    await tab.keyboard.press('Enter');
  };
  await change(others[5] as Page, 'Theme: Light');
  for (const tab of [page, ...others]) await expect(theme(tab)).toHaveAttribute('data-theme', 'light');
  await page.goto('about:blank');
  await change(others[0] as Page, 'Theme: Dark');
  for (const tab of others) await expect(theme(tab)).toHaveAttribute('data-theme', 'dark');
  for (const tab of others) await tab.close();
});
