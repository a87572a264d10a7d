import { expect, test } from './terminal.ts';

test('a note is written on what is shown, found by its tag, stands on the chart and says what came after; it is there after a restart', async ({
  terminal,
}) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  await terminal.grid.focus();
  await page.keyboard.press('n');
  const panel = page.getByRole('region', { name: 'Journal' });
  const form = panel.getByRole('form', { name: 'New note' });
  await expect(form.getByRole('textbox', { name: 'Text' })).toBeFocused();
  // A day ago: what came after is stored.
  const at = new Date(Date.now() - 30 * 3_600_000).toISOString().slice(0, 16);
  await form.getByRole('textbox', { name: 'At, UTC' }).fill(`${at}Z`);
  await form.getByRole('textbox', { name: 'Text' }).fill('Longs are crowded; waiting for the turn.');
  await form.getByRole('textbox', { name: 'Tags' }).fill('crowded turn');
  await page.keyboard.press('Control+Enter');
  const kept = panel.getByRole('form', { name: 'Note', exact: true });
  await expect(kept).toBeVisible();
  const after = panel.getByRole('table', { name: 'What came after, by what is stored now' });
  await expect(after.getByRole('row')).toHaveCount(6);
  await expect(after.getByRole('row').nth(3).getByRole('cell').nth(2)).toHaveText(/^[+\u2212]\d+\.\d{4} %$/u);

  await panel.getByRole('button', { name: '#turn 1' }).click();
  await expect(panel.getByRole('listitem')).toHaveCount(1);
  await panel.getByRole('searchbox').fill('no such words');
  await expect(panel.getByText('No note holds all of these words.')).toBeVisible();

  await terminal.stop();
  await terminal.start();
  await expect(panel.getByRole('listitem')).toHaveCount(1);
  await panel.getByRole('button', { name: /Longs are crowded/u }).click();
});
