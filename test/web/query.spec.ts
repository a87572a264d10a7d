import { expect, test } from './terminal.ts';

test('a question in SQL is answered as table and chart, an endless one is stopped, and what writes is refused', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  await terminal.grid.focus();
  await page.keyboard.press('q');
  const panel = page.getByRole('region', { name: 'Query' });
  const text = panel.getByRole('textbox', { name: 'Question in SQL' });
  await expect(text).toBeFocused();
  const tables = panel.getByRole('complementary');
  await expect(tables.getByText('settlements', { exact: true })).toBeVisible();

  await text.fill("SELECT time, rate, rate_per_8h FROM settlements WHERE instrument = 'binance:BTCUSDT' ORDER BY time");
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByRole('status')).toContainText(/\d+ rows, (?:under 1|\d+) ms/u);
  await expect(panel.getByRole('columnheader')).toHaveText(['time', 'rate', 'rate_per_8h']);
  await expect(panel.getByRole('row').nth(1).getByRole('cell').first()).toHaveText(/^\d{4}-\d{2}-\d{2} \d{2}:00:00Z$/u);
  await panel.getByRole('radio', { name: 'Chart' }).click();
  await expect(panel.getByRole('figure', { name: 'rate, rate_per_8h over time' })).not.toHaveAttribute('data-points', '0');
  await panel.getByRole('radio', { name: 'Table' }).click();

  await text.fill('DELETE FROM settled');
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByRole('alert')).toHaveText('Only SELECT, WITH and EXPLAIN can be asked: this page reads and never writes.');

  await text.fill('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n');
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByRole('button', { name: 'Stop' })).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(panel.getByRole('alert')).toHaveText('Stopped.');
  await expect(panel.getByRole('button', { name: 'Ask' })).toBeVisible();

  // Escape leads back to the chart, and the palette opens the panel by its name, not a window of its own.
  await text.focus();
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('Query');
  await page.keyboard.press('Enter');
  await expect(panel).toBeVisible();
  await expect(text).toHaveValue(/^WITH RECURSIVE/u);
});
