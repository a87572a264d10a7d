import type { Page } from '@playwright/test';
import { expect, test } from './terminal.ts';

const HOUR = 3_600_000;
const bar = (page: Page) => page.getByRole('region', { name: 'Time machine' });
const moment = async (page: Page): Promise<number> => Number(await bar(page).getAttribute('data-moment'));

test('a moment is set, stepped and played by keys, and left again; another tab stays now', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start({ demoSpeed: 600 });
  await terminal.whole();
  await terminal.drawn();
  // A few hours of the demo's own time are recorded by now, or soon.
  const first = (await terminal.ids())[0] ?? '';
  await expect.poll(async () => Number((await terminal.cell(first, 'spark').locator('svg, canvas').count()) > 0)).toBe(1);
  await expect(async () => {
    await page.keyboard.press('g');
    await expect(bar(page)).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 30_000 });
  const at = await moment(page);
  expect(at % HOUR).toBe(0);
  await expect(page).toHaveTitle(/THE PAST/u);
  await page.keyboard.press('Escape');

  // The chart ends there too, and nothing of it moves while the demo goes on.
  await expect.poll(async () => Math.abs((await terminal.number('data-to')) - at) < 6 * HOUR).toBe(true);
  const shown = await terminal.row(first).innerText();
  await page.keyboard.press(',');
  await expect.poll(() => moment(page)).toBe(at - HOUR);
  await page.keyboard.press('.');
  await expect.poll(() => moment(page)).toBe(at);
  await expect.poll(() => terminal.row(first).innerText()).toBe(shown);

  // Another tab is another window: it shows now.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByRole('grid')).toBeVisible();
  await expect(bar(other)).toHaveCount(0);
  await other.close();

  // What is only of now is refused with a sentence.
  await page.getByRole('grid').focus();
  await page.keyboard.press('Delete');
  await expect(page.getByText('Go back to now to change lists')).toBeVisible();

  // Venue time reaches back behind the first start; as recorded nothing was known there.
  await page.getByRole('textbox', { name: 'Moment in UTC' }).fill(new Date(at - 72 * HOUR).toISOString().slice(0, 16).replace('T', ' '));
  await page.keyboard.press('Enter');
  await expect(bar(page).getByRole('button', { name: 'Show it by venue time' })).toBeVisible();
  await bar(page).getByRole('button', { name: 'Show it by venue time' }).click();
  await expect(bar(page)).toHaveAttribute('data-count', 'venue');
  await expect(bar(page).getByText('learnt later')).toBeVisible();
  await expect(terminal.cell(first, 'rate')).not.toHaveText('\u2013');

  await page.getByRole('button', { name: 'Play (P)' }).click();
  await expect.poll(async () => (await moment(page)) >= at - 69 * HOUR, { timeout: 30_000 }).toBe(true);
  await page.keyboard.press('n');
  await expect(bar(page)).toHaveCount(0);
  await expect(page).not.toHaveTitle(/THE PAST/u);
});
