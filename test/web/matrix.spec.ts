import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { expect, test, type Terminal } from './terminal.ts';

test.use({ app: 'shared' });

const matrixOf = ({ page }: Terminal) => page.getByRole('region', { name: 'Matrix of assets and venues' });

async function begin(terminal: Terminal): Promise<void> {
  await terminal.start();
  await terminal.whole();
  await terminal.grid.focus();
  await terminal.page.keyboard.press('m');
  await expect(matrixOf(terminal).getByRole('rowheader', { name: /^BTC/u })).toBeVisible();
}

test('cells show the rate, what it is above the median, or the least and the greatest; all is kept', async ({ terminal }) => {
  await begin(terminal);
  const { page } = terminal;
  const matrix = matrixOf(terminal);
  const row = matrix.getByRole('row', { name: /^BTC/u });
  const figures = async (): Promise<number[]> =>
    (await row.locator('.figure').allTextContents()).map((text) => Number(text.replace('\u2212', '-')));
  const [rates, spread] = [await figures(), row.locator('[data-cell="spread BTC"]')];
  expect(rates.length).toBeGreaterThanOrEqual(3);
  await matrix.getByRole('radio', { name: 'Skew' }).click();
  // The median of an odd count is one of them.
  await expect.poll(async () => Math.min(...(await figures()).map(Math.abs))).toBeLessThan(0.0001);
  const skews = await figures();
  // Both are the ends of the same spread.
  expect(Math.max(...skews) - Math.min(...skews)).toBeCloseTo(Number(await spread.textContent()), 3);

  await matrix.getByRole('radio', { name: 'Min\u2013max' }).click();
  await expect(row.locator('.figure').first()).toHaveText(/\d \u2026 [+\u2212]?\d/u);
  await matrix.getByRole('combobox', { name: 'Hold' }).selectOption({ label: '7d' });
  await page.reload();
  await expect(matrix.getByRole('radio', { name: 'Min\u2013max' })).toBeChecked();
  await expect(matrix.getByRole('combobox', { name: 'Hold' })).toHaveValue('168');
  await matrix.getByRole('radio', { name: 'Rate' }).click();
});

test('what is too small has no say; the best pair is told net of its round trip', async ({ terminal }) => {
  await begin(terminal);
  const matrix = matrixOf(terminal);
  await matrix.getByRole('combobox', { name: 'Liquidity' }).selectOption({ label: '24h volume \u2265 1B' });
  await expect(matrix.getByText(/\d rates have no say: .*\d too small/u)).toBeVisible();
  await matrix.getByRole('combobox', { name: 'Liquidity' }).selectOption({ label: 'Any size' });
  await expect(matrix.getByText(/too small/u)).toHaveCount(0);

  const net = matrix.locator('[data-net="BTC"]');
  await net.scrollIntoViewIfNeeded();
  await expect(net).toHaveText(/^[+\u2212]?\d\.\d{3}$/u);
  await expect(net).toHaveAttribute('title', /^Short .+, long .+: .* % for the round trip; (?:even after|never even)/u);
  const figure = async (): Promise<number> => Number((await net.textContent())?.replace('\u2212', '-'));
  const week = await figure();
  // An hour of funding pays no four fills.
  await matrix.getByRole('combobox', { name: 'Hold' }).selectOption({ label: '8h' });
  await expect.poll(figure).toBeLessThan(0);
  await matrix.getByRole('combobox', { name: 'Hold' }).selectOption({ label: '30d' });
  await expect.poll(figure).toBeGreaterThan(week);
});

test('a slider shows the same grid at a past hour, and leads back', async ({ terminal }) => {
  await begin(terminal);
  const { page } = terminal;
  const matrix = matrixOf(terminal);
  const slider = matrix.getByRole('slider', { name: 'Hour of the matrix' });
  await expect(slider).toHaveAttribute('aria-valuetext', 'now');
  const cell = matrix.locator('[data-cell="binance:BTCUSDT"]');
  await slider.focus();
  for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowLeft');
  const then = matrix.getByRole('status');
  await expect(then).toHaveText(/\d:00\s+UTC, (?:as recorded|by venue time)/u);
  await expect(cell).toHaveAttribute('aria-label', /% per 8h, observed/u);

  // What leaves the app is of that hour, with the figures that stand beside it.
  const hour = Date.parse(`${((await then.textContent()) ?? '').replace(/\s+UTC.*$/su, '').trim()} UTC`);
  const download = page.waitForEvent('download');
  await matrix.getByRole('button', { name: 'Export the matrix' }).click();
  await page.getByRole('menuitem', { name: 'Table as CSV' }).click();
  const lines = parse<Readonly<Record<string, string>>>(await readFile(await (await download).path()), {
    columns: (names: string[]) => names.map((name) => name.replace(/ .*$/u, '')),
  });
  const line = lines.find(({ instrument }) => instrument === 'binance:BTCUSDT');
  expect(Date.parse(line?.['as_of'] ?? '')).toBe(hour);
  expect(Object.keys(line ?? {})).toEqual(expect.arrayContaining(['as_of_is', 'skew', 'median', 'dispersion', 'net', 'net_short']));
  // The window itself stands where it stood.
  await expect(page.getByText('Back to now')).toHaveCount(0);
  await matrix.getByRole('button', { name: 'Now' }).click();
  await expect(then).toHaveCount(0);
  await expect(slider).toHaveAttribute('aria-valuetext', 'now');
  await expect(cell).toBeVisible();

  await cell.click();
  await expect(terminal.row('binance:BTCUSDT')).toHaveAttribute('aria-selected', 'true');
});
