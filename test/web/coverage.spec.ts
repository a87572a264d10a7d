import { expect, test } from './terminal.ts';

// Something of it is missing at first.
test.use({ history: 'none' });

test('coverage: days of the chosen instrument by kind, by keyboard; what is missing is filled by one click and seen to be', async ({
  terminal,
}) => {
  const { page } = terminal;
  await terminal.start({ demoSpeed: 10 });
  await terminal.drawn();
  await page.keyboard.press('v');
  const panel = page.getByRole('region', { name: 'Coverage of the history' });
  const status = panel.getByRole('status');
  await expect(status).toContainText(/[\d,]+ of [\d,]+ settlements \(/u);
  // Keys go from day to day; Enter lists the holes of one.
  await expect(panel.locator('button[data-day].whole').first()).toBeVisible();
  const day = panel.locator('button[tabindex="0"][data-day]');
  await day.focus();
  const before = Number(await day.getAttribute('data-day'));
  await page.keyboard.press('ArrowLeft');
  const moved = page.locator('button[data-day]:focus');
  expect(before - Number(await moved.getAttribute('data-day'))).toBe(7 * 86_400_000);
  await page.keyboard.press('Enter');
  await expect(page.locator('button[data-day]:focus')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Enter');
  await panel.getByRole('radio', { name: 'Polls' }).click();
  await expect(status).toContainText(/hours|Nothing of this is stored yet/u);
  await panel.getByRole('radio', { name: 'Settled' }).click();
  const fill = panel.getByRole('button', { name: 'Fill what is missing' });
  const whole = status.getByText('no hole');
  // Its past may have come by itself meanwhile.
  await expect(fill.or(panel.getByRole('button', { name: 'Cancel' })).or(whole)).toBeVisible();
  if (await fill.isVisible()) await fill.click();
  await expect(whole).toBeVisible();
  await panel.getByRole('button', { name: /^Close/u }).click();
  await expect(panel).toHaveCount(0);
});
