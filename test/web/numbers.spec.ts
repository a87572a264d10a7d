import type { Page } from '@playwright/test';
import { expect, test } from './terminal.ts';

const TAO = 'binance:TAOUSDT';

test.use({ locale: 'de-DE' });

const field = (page: Page, key: string) => page.locator(`[data-field="${key}"] .box input`);
const figure = (page: Page, id: string) => page.locator(`[data-figure="${id}"] .value`);

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or command' }).fill(title);
  await page.keyboard.press('Enter');
}

test('a size typed with a comma for decimals is that size, and leaves as plain numbers', async ({ terminal, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await terminal.start();
  const { page } = terminal;
  await terminal.openList('AI tokens');
  await terminal.cell(TAO, 'asset').click();
  await page.keyboard.press('s');

  // The system of this page writes 1.234,5: what is live too.
  await expect(field(page, 'risk')).toHaveValue('1');
  await expect(field(page, 'funding.rate')).toHaveValue(/^-?0,\d+$/u);
  await expect(terminal.cell(TAO, 'rate')).toHaveText(/^[+\u2212]0,\d{4}/u);

  await field(page, 'entry').fill('200,5');
  await field(page, 'stop').fill('190,25');
  await field(page, 'holdH').fill('0');
  // 200.5 x (1 + 0.0005 + 0.0002) / (1 - 0.0005 - 0.0002), by hand.
  await expect(figure(page, 'breakEven')).toHaveText('200,781');
  // 1 % of 10,000 over 10.25 + 0.0007 x (200.5 + 190.25), by hand: 9.5025.
  await expect(figure(page, 'quantity')).toHaveText(/^9,50/u);
  await expect(field(page, 'entry')).toHaveValue('200,5');

  // With what exchanges write it is the same.
  await field(page, 'entry').fill('200.5');
  await expect(figure(page, 'breakEven')).toHaveText('200,781');

  // What may be 1234 is no price, and says so where it was typed; no size is shown for either.
  await field(page, 'entry').fill('1.234');
  await expect(page.getByText('1.234 can be 1234 or 1,234.').first()).toBeVisible();
  await expect(page.getByText('Type 1234 or 1,234.').first()).toBeVisible();
  await expect(figure(page, 'quantity')).toHaveText('\u2013');
  await field(page, 'entry').fill('1.234,5');
  await field(page, 'stop').fill('1.200');
  await expect(page.getByText('1.200 can be 1200 or 1,200.').first()).toBeVisible();
  await field(page, 'stop').fill('1200');
  // 1234.5 x 1.0007 / 0.9993, by hand: 1236.2295.
  await expect(figure(page, 'breakEven')).toHaveText('1.236,23');

  await page.getByTitle('Copy inputs and figures as plain text').click();
  await expect(page.getByText('Summary copied')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('  Entry: 1234.5 USDT (typed)');
  expect(copied).toMatch(/Break-even: 1236\.23 USDT/u);
  expect(copied).not.toMatch(/\d,\d/u);
  await expect(figure(page, 'breakEven')).toHaveText('1.236,23');

  // Another format, and the same numbers in it; what was typed stays what it was.
  await command(page, 'Numbers: 1,234.5');
  await expect(figure(page, 'breakEven')).toHaveText('1,236.23');
  await expect(field(page, 'entry')).toHaveValue('1234.5');
  await expect(terminal.cell(TAO, 'rate')).toHaveText(/^[+\u2212]0\.\d{4}/u);
  await field(page, 'entry').fill('1,234');
  await expect(page.getByText('"1,234" is not a number.').first()).toBeVisible();
  await expect(figure(page, 'quantity')).toHaveText('\u2013');

  // It is kept.
  await page.reload();
  await expect(terminal.cell(TAO, 'rate')).toHaveText(/^[+\u2212]0\.\d{4}/u);
});
