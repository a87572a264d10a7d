import type { Locator } from '@playwright/test';
import { expect, test, type Terminal } from './terminal.ts';

test.use({ app: 'shared' });

const pageOf = ({ page }: Terminal): Locator => page.getByRole('region', { name: 'Instrument', exact: true });
const part = (terminal: Terminal, name: string): Locator => pageOf(terminal).getByRole('region', { name, exact: true });

test('the page of an instrument holds what is known of it, each part by what it stores', async ({ terminal }) => {
  await terminal.start();
  await terminal.drawn();
  const { page } = terminal;
  await terminal.pick('binance:BTCUSDT');
  await terminal.grid.focus();
  await page.keyboard.press('Shift+I');
  const all = pageOf(terminal);
  await expect(all.getByRole('heading', { name: 'BTC/USDT Binance USD-M' })).toBeVisible();
  await expect(part(terminal, 'Identity')).toContainText('BTCUSDT');
  await expect(part(terminal, 'Interval')).toContainText(/8h.*\d stored settlements|Since/su);
  // What polls stated stands before the venue's formula.
  await expect(part(terminal, 'Terms').getByRole('table', { name: 'Terms of the rate' })).toContainText(/its polls.*its formula/su);
  await expect(part(terminal, 'Terms')).toContainText(/Lot step\s*[\d.]+ contracts/u);
  await expect(part(terminal, 'Terms')).toContainText(/maker [\d.]+ %, taker [\d.]+ %/u);
  await expect(part(terminal, 'Threshold')).toContainText(/\d+ times? in \d+/u);
  await expect(part(terminal, 'Coverage')).toContainText(/\d of [\d,]+ settlements/u);
  await expect(part(terminal, 'Forecast record')).toBeVisible();
  const settled = part(terminal, 'Settled').getByRole('table', { name: 'Settlements' }).locator('tbody tr');
  await expect.poll(() => settled.count()).toBeGreaterThan(50);

  // Each figure of the regime says where it comes from.
  const regime = part(terminal, 'Regime');
  await regime
    .getByRole('row', { name: /^Funding percentile/u })
    .getByRole('button')
    .click();
  await expect(page.getByRole('dialog', { name: 'Where this value comes from' })).toContainText('Funding percentile');
  await page.keyboard.press('Escape');

  // It follows the selection.
  await terminal.pick('bybit:ETHUSDT');
  await expect(all.getByRole('heading', { name: 'ETH/USDT Bybit' })).toBeVisible();
  await expect(part(terminal, 'Identity')).toContainText('ETHUSDT');
});

test('it opens from the name above the chart and from the menu of a row; a note that is begun there stands on it', async ({ terminal }) => {
  await terminal.start();
  const { page } = terminal;
  await terminal.pick('binance:BTCUSDT');
  await terminal.pick('binance:BTCUSDT', { button: 'right' });
  await page.getByRole('menuitem', { name: /^Everything about it/u }).click();
  await expect(pageOf(terminal)).toBeVisible();
  await pageOf(terminal).getByRole('button', { name: 'Close' }).first().click();
  await expect(pageOf(terminal)).toHaveCount(0);
  await page.getByRole('button', { name: /^BTC/u, description: 'Everything about it (Shift I)' }).click();
  const notes = part(terminal, 'Notes');
  await expect(notes).toContainText('No note about it yet.');
  await notes.getByRole('button', { name: 'New note' }).click();
  const journal = page.getByRole('region', { name: 'Journal' });
  await journal.getByRole('textbox', { name: /^(?:Text|Note)/u }).fill('the cap was met twice');
  await journal.getByRole('button', { name: 'Keep' }).click();
  await terminal.grid.focus();
  await page.keyboard.press('Shift+I');
  await expect(notes).toContainText('the cap was met twice');
});
