import type { Locator, Page } from '@playwright/test';
import { expect, test, type Terminal } from './terminal.ts';

const TAO = 'binance:TAOUSDT';

/** A slow clock: the market hardly moves while a test types. */
async function open(terminal: Terminal, key: string): Promise<void> {
  await terminal.openList('AI tokens');
  await terminal.cell(TAO, 'asset').click();
  await expect(terminal.row(TAO)).toHaveAttribute('aria-selected', 'true');
  await terminal.page.keyboard.press(key);
}

const row = (page: Page, key: string): Locator => page.locator(`[data-field="${key}"]`);
const field = (page: Page, key: string): Locator => row(page, key).locator('.box input');
const figure = (page: Page, id: string): Locator => page.locator(`[data-figure="${id}"]`);
const value = async (page: Page, id: string): Promise<number> =>
  Number(((await figure(page, id).locator('.value').textContent()) ?? '').replaceAll(',', '').replace('\u2212', '-'));

async function save(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const form = page.getByRole('form', { name: 'Save scenario' });
  await form.getByRole('textbox').fill(name);
  await form.getByRole('textbox').press('Enter');
  await expect(form).toBeHidden();
}

test('the size fills itself, is overridden by typing and goes back by one click', async ({ terminal, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await terminal.start();
  const { page } = terminal;
  await open(terminal, 's');

  // Everything but the targets is there, and it comes to a size within its budget.
  await expect(page.locator('[data-test="answer"]')).toContainText('TAO');
  await expect.poll(() => value(page, 'quantity')).toBeGreaterThan(0);
  for (const key of ['entry', 'stop', 'feeIn', 'funding.rate', 'funding.intervalH', 'funding.nextFundingAt']) {
    await expect(field(page, key)).not.toHaveValue('');
  }
  expect(await value(page, 'lossAtStop')).toBeLessThanOrEqual(100);
  await expect(row(page, 'entry').locator('.live')).toHaveAttribute('title', /mark of .+ old$/u);
  await expect(figure(page, 'liquidation')).toContainText('USDT');

  // Typing counts at once, and is shown as typed.
  await field(page, 'entry').fill(' 100 ');
  await field(page, 'stop').fill('');
  await expect(page.getByText('Missing.').first()).toBeVisible();
  await field(page, 'stop').fill(' 95');
  await field(page, 'holdH').fill('0');
  await expect(figure(page, 'breakEven').locator('.value')).toHaveText('100.140');
  await expect(row(page, 'stop').getByRole('button', { name: 'edited: reset Stop' })).toBeVisible();

  // A figure says its formula with the numbers in it, by pointer and by keyboard.
  await figure(page, 'lossAtStop').hover();
  const explained = page.locator('[data-explained="lossAtStop"]');
  await expect(explained).toContainText('priceLoss + entryFee + exitFee + slippage + funding');
  await expect(explained).toContainText(/= 99\.\d+/u);
  await page.mouse.move(0, 0);
  await figure(page, 'breakEven').focus();
  await expect(page.locator('[data-explained="breakEven"]')).toContainText('entry × (1 + s × (feeIn + slip + F))');

  // What cannot be is explained where it was typed, and no figure misleads.
  await field(page, 'stop').fill('105');
  await expect(page.getByText('The stop 105 is on the wrong side of a long from 100.').first()).toBeVisible();
  await expect(page.getByText('Enter a stop below 100.')).toBeVisible();
  await expect(field(page, 'stop')).toHaveAttribute('aria-invalid', 'true');
  await expect(figure(page, 'quantity').locator('.value')).toHaveText('\u2013');
  await field(page, 'risk').fill('150');
  await expect(page.getByText('150 % is above 25 %.').first()).toBeVisible();
  await field(page, 'risk').fill('1');

  // Back by one click: one field, then all of them.
  await row(page, 'stop').getByRole('button', { name: 'edited: reset Stop' }).click();
  await expect(field(page, 'stop')).not.toHaveValue('105');
  await page.getByRole('button', { name: /^Reset \d/u }).click();
  await expect(field(page, 'entry')).not.toHaveValue('100');
  await expect(page.getByRole('button', { name: 'Reset', exact: true })).toBeDisabled();

  // Helpers fill a stop and a target.
  await page.getByRole('button', { name: 'Swing 24 h' }).click();
  await expect(row(page, 'stop').getByRole('button', { name: 'edited: reset Stop' })).toBeVisible();
  // A swing can lie so near that costs eat twice the risk.
  await page.getByRole('button', { name: '2 × volatility' }).click();
  await page.getByRole('button', { name: '+ 2 × risk' }).click();
  await expect(figure(page, 'r0')).toBeVisible();
  expect(await value(page, 'r0')).toBeGreaterThan(0);

  // The drawing has what it came to, and the summary is text.
  await expect(page.getByRole('figure')).toHaveAttribute('aria-label', /entry .+ stop .+ target .+ break-even .+ liquidation/u);
  await page.getByRole('button', { name: 'Copy' }).click();
  const summary = await page.evaluate(() => navigator.clipboard.readText());
  expect(summary).toContain('Position size: TAO/USDT Binance USD-M TAOUSDT');
  expect(summary).toMatch(/Stop: [\d.]+ USDT \(typed\)/u);
  expect(summary).toMatch(/Loss at the stop: [\d.]+ USDT/u);

  // Escape leaves the calculators for the chart.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Calculators' })).toBeHidden();
  await expect(terminal.chart).toBeVisible();
});

test('constants and scenarios outlive a restart; two stand side by side; one is followed as open', async ({ terminal }) => {
  await terminal.start();
  const { page } = terminal;
  await open(terminal, 's');
  await expect.poll(() => value(page, 'quantity')).toBeGreaterThan(0);
  await field(page, 'equity').fill('20000');
  await field(page, 'equity').press('Enter');
  await expect(row(page, 'equity')).toContainText('saved');
  await save(page, 'Long TAO');
  await row(page, 'side').getByRole('radio', { name: 'Short' }).click();
  await field(page, 'targets').fill('1');
  await save(page, 'Short TAO');

  await page.getByRole('radio', { name: 'Saved' }).click();
  await page.getByLabel('Compare Long TAO').check();
  await page.getByLabel('Compare Short TAO').check();
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison.getByRole('row', { name: /^Side/u })).toHaveAttribute('data-differs', 'true');
  await expect(comparison.getByRole('row', { name: /^Equity/u })).toHaveAttribute('data-differs', 'false');
  await expect(comparison.getByRole('row', { name: /^Equity/u })).toContainText('20000 USDT');

  // Keys go on after a box is ticked, and after what had the focus is gone.
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Calculators' })).toBeHidden();
  await page.keyboard.press('j');

  await page.locator('[data-scenario="Long TAO"]').getByRole('button', { name: 'Mark as open' }).click();
  const form = page.getByRole('form', { name: 'Mark Long TAO as open' });
  await form.getByRole('textbox', { name: 'Entry' }).fill('0');
  await expect(form).toContainText('above 0');
  await form.getByRole('textbox', { name: 'Entry' }).fill('250');
  await form.getByRole('button', { name: 'Open' }).click();
  const position = page.locator('[data-position]');
  await expect(position).toContainText('Long');
  await expect(position).toContainText('USDT');
  await expect(position).toContainText('% away');

  await terminal.stop();
  await terminal.start();
  await expect(terminal.row(TAO)).toHaveAttribute('aria-selected', 'true');
  // The window comes back as it was left: at the scenarios.
  await expect(page.locator('[data-position]')).toContainText('Long TAO');
  await page.locator('[data-scenario="Short TAO"]').getByRole('button', { name: 'Load' }).click();
  await expect(row(page, 'side').getByRole('radio', { name: 'Short' })).toBeChecked();
  await expect(field(page, 'targets')).toHaveValue('1');
  await expect(field(page, 'equity')).toHaveValue('20000');

  await page.getByRole('radio', { name: 'Saved' }).click();
  await page.locator('[data-position]').getByRole('button', { name: 'Close' }).click();
  await page.locator('[data-position]').getByRole('button', { name: 'Confirm close' }).click();
  await expect(page.getByText('No open positions.')).toBeVisible();
  await page.getByRole('button', { name: 'Delete Short TAO', exact: true }).click();
  await page.getByRole('button', { name: 'Really delete Short TAO' }).click();
  await expect(page.locator('[data-scenario="Short TAO"]')).toBeHidden();
  await expect(page.locator('[data-scenario="Long TAO"]')).toBeVisible();
});

test('a carry of two contracts of one venue, on a small screen: the figures have the room, and say what they assume', async ({
  terminal,
}) => {
  await terminal.start();
  const { page } = terminal;
  await page.setViewportSize({ width: 1280, height: 720 });
  await terminal.cell('binance:BTCUSDT', 'asset').click();
  await page.keyboard.press('k');
  await page.locator('[data-test="other-leg"]').selectOption('binance:BTCUSDC');
  await field(page, 'notional').fill('60000');
  await expect(page.locator('[data-test="verdict"]')).toContainText(/this earns|Loses/u);
  const inView = (): Promise<number> =>
    page.locator('.results').evaluate((box) => {
      const { top, bottom } = box.getBoundingClientRect();
      const rects = [...box.querySelectorAll('[data-figure]')].map((one) => one.getBoundingClientRect());
      return rects.filter((rect) => rect.top >= top && rect.bottom <= bottom).length;
    });
  await expect.poll(inView).toBeGreaterThanOrEqual(8);
  for (const leg of ['longLiquidation', 'shortLiquidation']) {
    await expect(figure(page, leg).locator('+ .caution')).toContainText('Above 50,000 USD');
  }
  await expect(page.getByText('USDT and USDC are taken as equal.')).toBeVisible();
});

test('a carry says in words whether it is worth it, against another venue and against spot', async ({ terminal }) => {
  await terminal.start();
  const { page } = terminal;
  await open(terminal, 'k');
  const verdict = page.locator('[data-test="verdict"]');
  await expect(verdict).toContainText(/this earns|Loses/u);
  await page.locator('[data-test="other-leg"]').selectOption('spot');
  await expect(page.getByText('Spot stands at the index price')).toBeVisible();
  await expect(verdict).toContainText(/this earns|Loses/u);

  // A rate that is not refused, then the other way round.
  const side = (await page.locator('[data-field="long.rate"]').count()) > 0 ? 'long' : 'short';
  await field(page, `${side}.rate`).fill(side === 'short' ? '0.5' : '-0.5');
  await expect(verdict).toContainText('this earns');
  await field(page, `${side}.rate`).fill(side === 'short' ? '-0.5' : '0.5');
  await expect(verdict).toContainText('It never breaks even');
  await field(page, 'notional').fill('1');
  await expect(verdict).toContainText('No verdict');
  await expect(row(page, 'notional').locator('+ .whys')).toContainText(/Enter at least [\d.]+ per leg\./u);
  await field(page, 'notional').fill('10000000000');
  await expect(page.getByText(/coins are more than .+ takes/u).first()).toBeVisible();

  // By keyboard to the others; each has its answer for the same instrument.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
  await expect.poll(() => value(page, 'liquidation')).toBeGreaterThan(0);
  await page.getByRole('radio', { name: 'Funding' }).click();
  await expect(page.locator('[data-test="answer"]')).toContainText(/you (?:pay|receive)|nothing is paid/iu);
  await expect(page.locator('[data-test="verdict"]')).toContainText('Settled at');

  // Profit takes the size over, and its table is by price and hold; an answer leaves as a file.
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await expect(page.locator('[data-test="verdict"]')).toContainText(/^(?:Makes|Loses) .+ breaks even at .+ liquidated near/u);
  await expect(page.getByRole('region', { name: 'Net by price and hours held' }).getByRole('row')).toHaveCount(8);
  await page.getByRole('button', { name: 'Export the answer' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Table as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^Profit-and-return.+\.csv$/u);
});
