import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../web/terminal.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');
const take = (page: Page, file: string): Promise<unknown> => page.screenshot({ path: join(DOCS, file) });

/** What a person does on a first day, in the guide's order; each picture is the whole window. */
test('pictures of the guide', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.whole();
  await terminal.openList('AI tokens');
  await terminal.row('binance:TAOUSDT').click();
  await terminal.drawn();
  await expect(page.locator('[data-test="fired"]')).toBeVisible();
  await take(page, 'screenshot.png');

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('sol');
  await expect(page.getByRole('option').first()).toBeVisible();
  await take(page, 'pictures/palette.png');
  await page.keyboard.press('Escape');

  await page.getByRole('tab', { name: 'Everything' }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('|rate| > 0.01');
  await expect(terminal.grid.locator('[data-id]').first()).toBeVisible();
  await take(page, 'pictures/everything.png');
  await page.getByRole('textbox', { name: 'Filter this list' }).fill('');
  await terminal.openList('AI tokens');

  await terminal.row('binance:TAOUSDT').click();
  await terminal.grid.focus();
  await page.keyboard.press('y');
  const evidence = page.getByRole('region', { name: 'Evidence' });
  await evidence.getByRole('textbox', { name: 'Level' }).fill('0.02');
  await evidence.getByRole('textbox', { name: 'Level' }).press('Enter');
  await expect(async () => {
    await evidence.getByRole('button', { name: 'Look back' }).click();
    await expect(evidence.locator('[data-test="study-verdict"]')).toBeVisible({ timeout: 20_000 });
  }).toPass();
  await expect(evidence.getByRole('button', { name: 'Look back' })).toBeVisible();
  await take(page, 'pictures/evidence.png');

  await terminal.grid.focus();
  await page.keyboard.press('f');
  const calculators = page.getByRole('region', { name: 'Calculators' });
  await calculators.getByRole('textbox', { name: 'Notional' }).fill('10000');
  await expect(calculators.getByText('Missing.')).toHaveCount(0);
  await expect(calculators.getByText(/^you (?:pay|receive)$/u).first()).toBeVisible();
  await take(page, 'pictures/calculators.png');

  await terminal.grid.focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await take(page, 'pictures/keys.png');
});
