import type { Page } from '@playwright/test';
import { expect, test } from './terminal.ts';

const HOUR = 3_600_000;
const bar = (page: Page) => page.getByRole('region', { name: 'Time machine' });
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
  // Nothing was polled then: what is shown was learnt later.
  await expect(page.getByRole('img', { name: 'settlements of the week before were learnt later' }).first()).toBeVisible();

  // A window of its own stands there too, and what is of now says so.
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
  await expect(bar(page)).toHaveAttribute('data-count', 'venue');
  await page.keyboard.press('b');
  await expect(bar(page)).toHaveCount(0);
  await expect(page).not.toHaveTitle(/THE PAST/u);
});
