import type { Page } from '@playwright/test';
import { expect, test } from './terminal.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const bar = (page: Page) => page.getByRole('region', { name: 'Time machine' });
async function goTo(page: Page, to: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Moment in UTC' });
  await field.fill(new Date(to).toISOString().slice(0, 16).replace('T', ' '));
  await field.press('Enter');
  await expect.poll(() => moment(page)).toBe(to);
}
const moment = async (page: Page): Promise<number> => Number(await bar(page).getAttribute('data-moment'));

test('a moment is set and stepped by keys, at once and later, and left again; another tab stays now', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  await terminal.grid.focus();
  await page.keyboard.press('g');
  await expect(bar(page)).toBeVisible();
  const at = await moment(page);
  expect(at % HOUR).toBe(0);
  await expect(page).toHaveTitle(/THE PAST/u);

  // The focus stands in the field of the moment, and a step is a step all the same.
  await expect(page.getByRole('textbox', { name: 'Moment in UTC' })).toBeFocused();
  await page.keyboard.press(',');
  await expect.poll(() => moment(page)).toBe(at - HOUR);
  await page.keyboard.press('Escape');
  await page.keyboard.press('.');
  await expect.poll(() => moment(page)).toBe(at);

  // Keys that come faster than the answers are steps all the same, and none waits for those before it.
  await terminal.grid.focus();
  for (const key of [',', ',', ',', ',']) await page.keyboard.press(key);
  await expect.poll(() => moment(page)).toBe(at - 4 * HOUR);

  // Before the first start nothing was known; by venue time what is shown was learnt later, and says so.
  await goTo(page, at - 3 * DAY);
  await page.getByRole('radio', { name: 'As recorded' }).click();
  await expect(page.getByText('Nothing of this was known to this computer then.')).toBeVisible();
  await page.getByRole('button', { name: 'Show it by venue time' }).first().click();
  await expect(page.getByRole('img', { name: 'settlements of the week before were learnt later' }).first()).toBeVisible();
  await goTo(page, at - 4 * HOUR);

  // A window of its own stands there too, and what is of now says so.
  await terminal.grid.focus();
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('o')]);
  await expect(popup.getByRole('status', { name: 'Time machine' })).toContainText('THE PAST');
  await expect(popup).toHaveTitle(/THE PAST/u);
  await popup.close();
  await terminal.grid.focus();
  await page.keyboard.press('v');
  await expect(page.getByRole('note')).toContainText('NOW What is stored today');
  await page.keyboard.press('Escape');
  await terminal.grid.focus();
  for (const key of ['.', '.', '.', '.']) await page.keyboard.press(key);
  await expect.poll(() => moment(page)).toBe(at);

  // What is only of now is refused with a sentence.
  await terminal.grid.focus();
  await page.keyboard.press('Delete');
  await expect(page.getByText('Go back to now to change lists')).toBeVisible();

  // Another tab is another window: it shows now.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByRole('grid')).toBeVisible();
  await expect(bar(other)).toHaveCount(0);
  await other.close();

  // What a key means elsewhere it means here too: v is the coverage, n a note.
  await terminal.grid.focus();
  await page.keyboard.press('n');
  await expect(page.getByRole('region', { name: 'Journal' })).toBeVisible();
  await expect(bar(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await terminal.grid.focus();
  await page.keyboard.press('w');
  await expect(bar(page)).toHaveAttribute('data-count', 'recorded');
  await page.keyboard.press('b');
  await expect(bar(page)).toHaveCount(0);
  await expect(page).not.toHaveTitle(/THE PAST/u);
});
