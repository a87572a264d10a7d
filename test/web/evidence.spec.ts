import { readFile } from 'node:fs/promises';
import { expect, test } from './terminal.ts';

test('a rule is looked back on: verdict, legs, events that open the chart, saved and exported', async ({ terminal }) => {
  await terminal.start();
  const { page } = terminal;
  await terminal.openList('AI tokens');
  await terminal.pick('binance:TAOUSDT');
  await terminal.drawn();
  await terminal.grid.focus();
  await page.keyboard.press('y');
  const panel = page.getByRole('region', { name: 'Evidence' });
  await expect(panel.getByText('Look back on a rule')).toBeVisible();

  // By keyboard; what cannot be used says why, and nothing can be asked.
  const level = panel.getByRole('textbox', { name: 'Level' });
  await level.fill('much');
  await expect(panel.getByText('Or a percentile of what it was before, such as p95.')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Look back' })).toBeDisabled();
  await level.fill('0.02');
  await level.press('Enter');
  const verdict = panel.locator('[data-test="study-verdict"]');
  await expect(verdict).toHaveText(/^(too few|paid|lost|not told apart from chance)$/u);
  // Its past comes bit by bit; the same question again is the same try.
  await expect(async () => {
    await panel.getByRole('button', { name: 'Look back' }).click();
    await expect(panel.locator('[data-test="leg-net"]')).toBeVisible({ timeout: 60_000 });
    expect(await panel.getByRole('table', { name: 'events, newest first' }).locator('tbody tr').count()).toBeGreaterThan(3);
  }).toPass();
  for (const leg of ['price', 'funding', 'cost', 'net']) await expect(panel.locator(`[data-test="leg-${leg}"]`)).toBeVisible();
  await expect(panel.getByRole('table', { name: 'Delays side by side' }).locator('tbody tr')).toHaveCount(3);
  await expect(panel.getByText('try 1', { exact: true })).toBeVisible();

  // Another exit is another try.
  await panel.getByRole('combobox', { name: 'Exit' }).selectOption('8');
  await expect(panel.getByText('The question has changed since')).toBeVisible();
  await panel.getByRole('button', { name: 'Look back' }).click();
  await expect(panel.getByText('try 2', { exact: true })).toBeVisible();

  // An event says what its value came from, and shows the chart there; the answer is there when the panel comes back.
  const events = panel.getByRole('table', { name: 'events, newest first' });
  const oldest = events.locator('tbody tr').last();
  await oldest.getByRole('button').first().click();
  const audit = page.getByRole('dialog', { name: 'Where this value comes from' });
  await expect(audit).toContainText('EMA divergence');
  await page.keyboard.press('Escape');
  await expect(audit).toBeHidden();
  await oldest.getByRole('button', { name: /^Chart of TAO/u }).click();
  await expect(page.getByRole('button', { name: 'Back to now' })).toBeVisible();
  await terminal.grid.focus();
  await page.keyboard.press('y');

  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Markdown' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text).toContain(`**${(await verdict.textContent()) ?? ''}.**`);
  expect(text).toContain('## Three legs apart');

  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel.getByRole('textbox', { name: 'Name of the study' }).fill('TAO crowd');
  await panel.getByRole('textbox', { name: 'Name of the study' }).press('Enter');
  const saved = panel.getByRole('region', { name: 'Saved studies' });
  await expect(saved.getByText('TAO crowd')).toBeVisible();
  const before = await panel.locator('[data-test="leg-net"]').textContent();
  await terminal.stop();
  await terminal.start();
  await page.getByRole('region', { name: 'Evidence' }).getByText('TAO crowd').click();
  await expect(verdict).toBeVisible();
  await expect(panel.locator('[data-test="leg-net"]')).toHaveText(before ?? '');

  // Of one instrument nothing can be sorted; of everything each tenth is a row.
  const sort = panel.getByRole('button', { name: 'Sort into tenths' });
  await expect(sort).toBeDisabled();
  await panel.getByRole('combobox', { name: 'Over' }).selectOption('everything');
  await sort.click();
  await expect(panel.getByRole('table', { name: 'Tenths, lowest values first' }).locator('tbody tr')).toHaveCount(10);
});
