import { expect, test } from './terminal.ts';

const HOUR = 3_600_000;

test('a zoom stays while history grows; ranges and their keys change what is seen', async ({ terminal }) => {
  await terminal.start({ demoSpeed: 600 });
  const { page } = terminal;
  await terminal.drawn();
  const span = async (): Promise<number> => (await terminal.number('data-to')) - (await terminal.number('data-from'));

  await page.getByRole('radio', { name: '30D' }).click();
  await expect.poll(span).toBeGreaterThan(29 * 24 * HOUR);
  await terminal.grid.focus();
  await page.keyboard.press('[');
  await expect.poll(span).toBeLessThan(8 * 24 * HOUR);

  // Zoomed in around a moment of the past: from here on the view is the person's own.
  const box = await terminal.chart.boundingBox();
  if (!box) throw new Error('The chart has no box');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 80);
  await page.mouse.wheel(0, -400);
  await expect.poll(span).toBeLessThan(3 * 24 * HOUR);
  const held = [await terminal.number('data-from'), await terminal.number('data-to')];
  const clock = page.locator('.clock');
  const hour = async (): Promise<string> => ((await clock.textContent()) ?? '').slice(0, 2);
  const start = await hour();
  await expect.poll(hour).not.toBe(start);
  const later = await hour();
  await expect.poll(hour).not.toBe(later);
  expect([await terminal.number('data-from'), await terminal.number('data-to')]).toEqual(held);

  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect.poll(span).toBeGreaterThan(6 * 24 * HOUR);
  const end = await terminal.number('data-to');
  await expect.poll(() => terminal.number('data-to')).toBeGreaterThan(end);
});

// The last one leaves another unit.
test.describe('in one app', () => {
  test.use({ app: 'shared' });

  test('the crosshair says time, zone, kind and ratio in the chosen unit', async ({ terminal }) => {
    await terminal.start();
    const { page } = terminal;
    await terminal.drawn();
    const box = await terminal.chart.boundingBox();
    if (!box) throw new Error('The chart has no box');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 80);
    const readout = page.locator('.readout');
    await expect(readout).toContainText('UTC');
    await expect(readout).toContainText('settled');
    await expect(readout).toContainText('EMA');
    await expect(readout).toContainText('|D|');
    await expect(readout).toContainText('%/8h');
  });

  test('a chart in a window of its own lives on the same state', async ({ terminal }) => {
    await terminal.start();
    const { page } = terminal;
    await terminal.drawn();
    await terminal.grid.focus();
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('o')]);
    const violations: string[] = [];
    popup.on('console', (message) => {
      if (message.type() === 'error') violations.push(message.text());
    });
    const chart = popup.getByRole('application');
    await expect.poll(async () => Number(await chart.getAttribute('data-bars'))).toBeGreaterThan(20);
    await expect(popup.locator('.sentence')).toContainText('per 8h');
    await page.getByRole('radio', { name: 'APR' }).click();
    await expect(popup.locator('.sentence')).toContainText('a year');
    await popup.close();
    await terminal.grid.focus();
    const [again] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('o')]);
    await expect(again.getByRole('application')).toBeVisible();
    expect(violations).toEqual([]);
  });
});

test('prices, another venue and one more metric stand in one chart; a drag measures; the zone is the one that is named', async ({
  terminal,
}) => {
  await terminal.start();
  const { page } = terminal;
  await terminal.drawn();
  await expect.poll(() => terminal.number('data-price')).toBeGreaterThan(20);

  await page.getByRole('button', { name: 'Compare with other venues' }).click();
  await page.getByRole('menuitemcheckbox', { name: /^Bybit BTCUSDT/u }).click();
  await expect.poll(() => terminal.number('data-others')).toBeGreaterThan(5);
  // It goes with the asset: the same venue's contract on another one is drawn over that.
  await terminal.pick('binance:ETHUSDT');
  await expect(page.getByRole('button', { name: 'No longer compare with Bybit' })).toBeVisible();
  await expect.poll(() => terminal.number('data-others')).toBeGreaterThan(5);

  await page.getByRole('button', { name: 'What the chart shows' }).click();
  await page.getByRole('menuitem', { name: 'Add a metric below' }).click();
  await page.locator('[data-metric="premium"]').dblclick();
  await expect(terminal.chart).toHaveAttribute('data-pane', ' premium');

  const box = await terminal.chart.boundingBox();
  if (!box) throw new Error('The chart has no box');
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  const said = page.getByRole('status').filter({ hasText: 'settlement' });
  await expect(said).toContainText(/paid \d\.\d{4} %/u);
  await expect(said).toContainText('UTC');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('zone: europe/berlin');
  await page.keyboard.press('Enter');
  await expect(said).toContainText('CET');
  await terminal.chart.focus();
  await page.keyboard.press('Escape');
  await expect(said).toBeHidden();

  await page.getByRole('button', { name: 'Close the pane Premium' }).click();
  await expect(terminal.chart).toHaveAttribute('data-pane', '');
  await page.getByRole('button', { name: 'What the chart shows' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Price' }).click();
  await expect.poll(() => terminal.number('data-price')).toBe(0);
});
