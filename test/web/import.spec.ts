import { expect, test } from './terminal.ts';

const T = Date.UTC(2020, 0, 1);
const H8 = 8 * 3_600_000;
const DAYS = 30;

test('a file is chosen, asked about, tried and imported; its refused lines are shown, and again nothing is new', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  await terminal.grid.focus();
  await page.keyboard.press('i');
  const panel = page.getByRole('region', { name: 'Import' });
  await expect(panel.getByRole('button', { name: 'Choose a file' })).toBeFocused();

  const rows = Array.from({ length: DAYS * 3 }, (_, i) => `${T + i * H8},0.0001,8`);
  const text = `time,Funding,interval\n${rows.join('\n')}\nyesterday,0.0001,8\n`;
  const file = { name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
  await panel.getByLabel('File to import').setInputFiles(file);
  await expect(panel.getByText('CSV, 91 lines')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await panel.getByRole('combobox', { name: 'Which venue are the rows of?' }).selectOption('binance');
  await panel.getByRole('button', { name: /^Decimals/u }).click();
  await expect(panel.getByText(/Which instrument are the rows of/u)).toBeVisible();
  await panel.getByText('Say more of the file').click();
  const symbol = panel.getByRole('textbox', { name: 'Instrument' });
  await symbol.fill('BTCUSDT');
  await symbol.press('Enter');
  await expect(panel.getByText(/rate 0.0001, interval 8 h/u).first()).toBeVisible();

  await panel.getByRole('button', { name: 'Dry run' }).click();
  await expect(panel.getByText('adds 90, known 0, conflicts 0, refused 1')).toBeVisible();
  await expect(panel.getByText(/^Line 92: a time is a number since 1970/u)).toBeVisible();
  await panel.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(panel.getByText('added 90, known 0, conflicts 0, refused 1')).toBeVisible();
  await panel.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(panel.getByText('added 0, known 90, conflicts 0, refused 1')).toBeVisible();

  // A file of watchlists: shown entry by entry, then there as a list with its headings, which collapse.
  const lists = 'BINANCE:BTCUSDT.P,###Far,BYBIT:ETHUSDT.P,NASDAQ:AAPL';
  await panel.getByLabel('File to import').setInputFiles({ name: 'Mine.txt', mimeType: 'text/plain', buffer: Buffer.from(lists) });
  await expect(panel.getByText('adds 2, known 0, refused 1')).toBeVisible();
  await expect(panel.getByText('Entry 3, line 1: "NASDAQ" is no exchange that Perpscope asks for perpetuals.')).toBeVisible();
  await panel.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Mine' })).toHaveAttribute('aria-selected', 'true');
  await expect.poll(() => terminal.ids()).toEqual(['binance:BTCUSDT', 'bybit:ETHUSDT']);
  await page.getByRole('button', { name: 'Far 1' }).click();
  await expect.poll(() => terminal.ids()).toEqual(['binance:BTCUSDT']);
});
