import { readFile } from 'node:fs/promises';
import { expect, test } from './terminal.ts';

test('what is arranged leaves as one file and comes in again, block by block, looked at before it is taken', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  const open = async (): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Setup file');
    await page.keyboard.press('Enter');
  };
  await open();
  const dialog = page.getByRole('dialog', { name: 'Setup file' });
  const saved = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save to a file' }).click();
  // The ending that the system knows as Perpscope's.
  expect((await saved).suggestedFilename()).toBe('perpscope-setup.perpsetup');
  const file = JSON.parse(await readFile(await (await saved).path(), 'utf8')) as {
    blocks: Record<string, { version: number; value: unknown }>;
  };
  const lists = file.blocks['lists']?.value as { id: string; name: string; items: string[] }[];
  lists.push({ id: 'brought', name: 'Brought', assets: [], seeded: [], items: ['binance:BTCUSDT'] } as (typeof lists)[number]);
  file.blocks['later'] = { version: 1, value: 7 };
  await dialog
    .locator('input[type="file"]')
    .setInputFiles({ name: 'setup.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) });
  await expect(dialog.getByRole('heading', { name: 'setup.json' })).toBeVisible();
  await expect(dialog.getByRole('checkbox', { name: /later/u })).toBeDisabled();
  await expect(dialog.getByRole('checkbox', { name: /Watchlists/u })).toBeChecked();
  await dialog.getByRole('button', { name: 'Apply these' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Taken. Everything else is as it was.');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tab', { name: 'Brought', exact: true })).toBeVisible();
});
