import { expect, test } from './terminal.ts';

test('a threshold moves the band and the count, and is there after a restart', async ({ terminal }) => {
  await terminal.start();
  const { page } = terminal;
  await terminal.openList('AI tokens');
  const id = 'binance:TAOUSDT';
  await terminal.pick(id);
  await terminal.drawn();
  const fired = page.locator('[data-test="fired"]');
  await expect(fired).toBeVisible();
  const before = Number(await fired.textContent());
  const theta = page.getByRole('textbox', { name: 'Threshold' });

  // Typing draws the band at once; what cannot be used says why and changes nothing.
  await theta.fill('0.08');
  await expect.poll(() => terminal.number('data-theta')).toBeCloseTo(0.0001, 12);
  await theta.fill('much');
  await expect(page.getByText('Enter percent per 8h')).toBeVisible();
  await expect.poll(() => terminal.number('data-theta')).toBeCloseTo(0.0005, 12);
  await theta.fill('0.08');
  await theta.press('Enter');
  await expect.poll(async () => Number(await fired.textContent())).toBeGreaterThan(before);
  await expect(page.getByText('Own \u03b8 for this instrument.')).toBeVisible();

  // One click takes the 99th percentile.
  await page.getByRole('button', { name: 'Use 99th percentile as threshold' }).click();
  await expect.poll(() => terminal.number('data-theta')).not.toBeCloseTo(0.0001, 12);
  const taken = await terminal.number('data-theta');

  await terminal.stop();
  await terminal.start();
  await expect(terminal.row(id)).toHaveAttribute('aria-selected', 'true');
  await expect.poll(() => terminal.number('data-theta')).toBeCloseTo(taken, 12);

  // Back to the one of all instruments, and that one changed for all.
  await page.getByRole('button', { name: /^Back to/u }).click();
  await expect.poll(() => terminal.number('data-theta')).toBeCloseTo(0.0005, 12);
  await page.getByRole('radio', { name: 'All instruments' }).click();
  await page.getByRole('textbox', { name: 'Threshold' }).fill('0.16');
  await page.getByRole('textbox', { name: 'Threshold' }).press('Enter');
  await expect.poll(() => terminal.number('data-theta')).toBeCloseTo(0.0002, 12);
  await terminal.pick('bybit:TAOUSDT');
  await expect.poll(() => terminal.number('data-theta')).toBeCloseTo(0.0002, 12);
});
