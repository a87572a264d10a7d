import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './terminal.ts';

const TAO = 'binance:TAOUSDT';

const row = (page: Page, key: string): Locator => page.locator(`[data-field="${key}"]`);
const figure = (page: Page, id: string): Locator => page.locator(`[data-figure="${id}"] .value`);
const cell = (page: Page, name: string, column: number): Locator =>
  page
    .locator('.drawing tr', { has: page.getByRole('rowheader', { name, exact: true }) })
    .locator('td')
    .nth(column);

async function fill(page: Page, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, text] of Object.entries(texts)) await row(page, key).locator('.box input').fill(text);
}
const calculator = (page: Page, name: string): Promise<void> =>
  page.getByRole('radiogroup', { name: 'Calculator' }).getByText(name, { exact: true }).click();

/** Fees of 0.05 % and slippage of 2 bps a fill, 5 times: a cost of 7 in 10,000 of each fill. Every figure is added up by hand. */
test('profit, and a plan of several fills, as a trader adds them up', async ({ terminal, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await terminal.start();
  const { page } = terminal;
  await terminal.openList('AI tokens');
  await terminal.cell(TAO, 'asset').click();
  await page.keyboard.press('r');

  // 10 from 100 to 110: 100, less 0.0007 of 1000 and of 1100.
  await fill(page, { entry: '100', contracts: '10', exit: '110', stop: '95', holdH: '0', wantedNet: '200', wantedR: '2' });
  await expect(figure(page, 'net')).toHaveText('+98.5300');
  // Of a margin of 200 that is 49.265 %.
  await expect(figure(page, 'onMargin')).toHaveText('+49.27');
  // It loses 50 and 0.0007 of 1950 at the stop.
  await expect(figure(page, 'lossAtStop')).toHaveText('51.3650');
  await expect(figure(page, 'r')).toHaveText('+1.92');
  // 9.993 P = 1000.7 + W.
  await expect(figure(page, 'breakEven')).toHaveText('100.140');
  await expect(figure(page, 'exitForNet')).toHaveText('120.154');
  await expect(figure(page, 'exitForR')).toHaveText('110.420');
  await expect(figure(page, 'bankruptcy')).toHaveText('80.0000');
  await expect(page.locator('[data-figure="partialLiquidation"]')).toContainText(/not modelled/iu);
  await expect(figure(page, 'capital')).not.toHaveText('\u2013');
  await expect(page.locator('[data-test="verdict"]')).toContainText('98.53');

  await fill(page, { 'whatIf.prices': '105 110', 'whatIf.holdsH': '0 8' });
  // 50 less 0.0007 of 2050, and what stands above.
  await expect(cell(page, '105.000', 0)).toHaveText(/^\+48\.56/u);
  await expect(cell(page, '110.000', 0)).toHaveText(/^\+98\.53/u);
  await expect(cell(page, '110.000', 1)).not.toHaveText(/^\+98\.53/u);

  await page.getByTitle('Copy inputs and figures as plain text').click();
  await expect(page.getByText('Summary copied')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('Net: +98.5300 USDT');
  expect(copied).toContain('105.000\t+48.56');
  await page.getByRole('button', { name: 'Export the answer' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Table as CSV').click()]);
  expect(await readFile(await download.path(), 'utf8')).toMatch(/Profit at the exit","?Net"?,98\.53,|Net.*98\.53/u);

  // A size that is set says what it risks: 1 % of 10,000 is not asked for.
  await calculator(page, 'Size');
  await row(page, 'sizeBy').getByText('Quantity').click();
  await expect(figure(page, 'quantity')).toHaveText('10');
  await expect(figure(page, 'lossAtStop')).toHaveText('51.3650');
  await expect(figure(page, 'riskShare')).toHaveText('0.514');

  // Half at 100 and half at 98, half off at 110 and half at 120: 16 a coin, less 0.0007 of 1980 and of 2300.
  await calculator(page, 'Scale');
  await fill(page, { contracts: '20', 'scale.entries': '100 98', 'scale.exits': '110 120', 'scale.shares': '50 50' });
  await expect(figure(page, 'averageEntry')).toHaveText('99.0000');
  await expect(figure(page, 'averageExit')).toHaveText('115.000');
  await expect(figure(page, 'net')).toHaveText('+317.0040');
  // 4 a coin at the stop of 95, and 0.0007 of 1980 and of 1900.
  await expect(figure(page, 'lossAtStop')).toHaveText('82.7160');
  await expect(figure(page, 'r')).toHaveText('+3.83');
});

test('a change of what is held, and an account of several positions, as a trader adds them up', async ({ terminal }) => {
  await terminal.start();
  const { page } = terminal;
  await terminal.openList('AI tokens');
  await terminal.cell(TAO, 'asset').click();
  await page.keyboard.press('r');

  // As much again at 110 makes 105 of 100; turned there, 100 is made and the other side stands at 110.
  await calculator(page, 'Change');
  await fill(page, { entry: '100', contracts: '10', mark: '110' });
  await row(page, 'change').getByText('Add', { exact: true }).click();
  await fill(page, { 'change.price': '110', 'change.by': '10' });
  await expect(cell(page, 'Average entry', 1)).toHaveText('105.000 USDT');
  await expect(cell(page, 'Contracts', 1)).toHaveText('20 contracts');
  await row(page, 'change').getByText('Reduce', { exact: true }).click();
  await fill(page, { 'change.by': '4' });
  await expect(figure(page, 'realised')).toHaveText('+40.0000');
  await expect(cell(page, 'Average entry', 1)).toHaveText('100.000 USDT');
  await row(page, 'change').getByText('Flip', { exact: true }).click();
  await fill(page, { 'change.by': '' });
  await expect(figure(page, 'realised')).toHaveText('+100.0000');
  await expect(cell(page, 'Side', 1)).toHaveText('short');
  await expect(cell(page, 'Average entry', 1)).toHaveText('110.000 USDT');

  // An account worth 600. With the venue's liquidation fee of 1.25 % it asks for 2.25 % of 10 at 110 and 3.25 % of 100 at 50: 24.75 and 162.5.
  await calculator(page, 'Cross');
  await page.getByRole('combobox', { name: 'Add a position' }).selectOption({ index: 1 });
  const second = await page.locator('[data-field$=".mark"]').nth(1).getAttribute('data-field');
  const other = second?.replace(/\.mark$/u, '') ?? '';
  expect(other).toMatch(/^binance:/u);
  await fill(page, {
    'cross.equity': '600',
    ...{ [`${TAO}.contracts`]: '10', [`${TAO}.entry`]: '100', [`${TAO}.mark`]: '110', [`${TAO}.maintenance`]: '1' },
    ...{ [`${other}.contracts`]: '100', [`${other}.entry`]: '50', [`${other}.mark`]: '50', [`${other}.maintenance`]: '2' },
  });
  await expect(figure(page, 'openProfit')).toHaveText('+100.0000');
  await expect(figure(page, 'wallet')).toHaveText('500.0000');
  await expect(figure(page, 'maintenance')).toHaveText('187.2500');
  await expect(figure(page, 'used')).toHaveText('31.21');
  await expect(figure(page, 'free')).toHaveText('412.7500');
  await expect(figure(page, 'notional')).toHaveText(/^6,100\.0+$/u);
  await expect(figure(page, 'leverage')).toHaveText(/^10\.1[67]/u);
  // 600 + 10 (P - 110) = 0.225 P + 162.5, and 600 + 100 (P - 50) = 3.25 P + 24.75.
  const legs = page.locator('.drawing tbody tr');
  await expect(legs).toHaveCount(2);
  await expect(legs.nth(0).locator('td').nth(0)).toHaveText('67.7749');
  await expect(legs.nth(0).locator('td').nth(1)).toHaveText('+38.39');
  await expect(legs.nth(1).locator('td').nth(0)).toHaveText('45.7339');
  await expect(legs.nth(1).locator('td').nth(1)).toHaveText('+8.53');
  await expect(page.locator('[data-test="verdict"]')).toContainText('Maintenance takes 31.21 % of the equity');
  // A short hedges it: what it would lose on the way up it makes on the way down.
  await row(page, `${other}.side`).getByText('Short').click();
  await expect(figure(page, 'exposure')).toHaveText(/^\u22123,900\.0+$/u);
});
