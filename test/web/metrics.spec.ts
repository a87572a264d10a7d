import type { Locator } from '@playwright/test';
import { expect, test, type Terminal } from './terminal.ts';

/** Chooses a metric in the open dialog by what its list shows first for the text. */
async function choose({ page }: Terminal, text: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').fill(text);
  await expect(dialog.getByRole('option').first()).toContainText(text);
  await page.keyboard.press('Enter');
}

const auditOf = ({ page }: Terminal): Locator => page.getByRole('dialog', { name: 'Where this value comes from' });

async function started(terminal: Terminal): Promise<void> {
  await terminal.start();
  await terminal.drawn();
  await terminal.grid.focus();
}

test.use({ app: 'shared' });

test('columns are chosen, their parameters edited, their values explained; all is there after a restart', async ({ terminal }) => {
  await started(terminal);
  const { page } = terminal;

  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Columns of the watchlist' });
  await choose(terminal, 'Cumulative funding');
  await dialog.getByRole('button', { name: '7', exact: true }).click();
  await expect(dialog.locator('.chip')).toHaveText(/Cumulative funding\s*7d/u);
  const days = dialog.locator('[data-param="days"]');
  await days.fill('5000');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Enter a whole number, 1 to 3650 d')).toBeVisible();
  await days.fill('14');
  await page.keyboard.press('Enter');
  await expect(dialog.locator('.chip')).toHaveText(/Cumulative funding\s*14d/u);
  await choose(terminal, 'Regime');
  await page.keyboard.press('Escape');

  const header = page.getByRole('columnheader', { name: /Cumulative funding/u });
  await expect(header).toContainText('14d');
  const cell = (id: string | null): Locator =>
    terminal
      .row(id ?? '')
      .locator('.metric')
      .first();
  const [first = null] = await terminal.ids();
  await expect(cell(first)).toHaveText(/^[+\u2212]?\d+\.\d{4}\s*$/u);
  // By the size of the figures at first, whatever their sign; by their values at the next click.
  for (const keyOf of [Math.abs, Number]) {
    await header.click();
    await expect
      .poll(async () => {
        const ids = await terminal.ids();
        const texts = await Promise.all(ids.slice(0, 8).map((id) => cell(id).textContent()));
        const keys = texts.map((text) => keyOf(Number(text?.replace('\u2212', '-'))));
        return keys.every((key, i) => i === 0 || key <= (keys[i - 1] ?? 0));
      })
      .toBe(true);
  }
  // The smallest first, then the list's own order again.
  await header.click();
  await header.click();
  await expect.poll(async () => (await terminal.ids())[0]).toBe(first);

  // One click on the figure: what it is made of.
  await cell(first).click();
  const audit = auditOf(terminal);
  await expect(audit).toContainText('Cumulative funding');
  await expect(audit).toContainText('settlement');
  await expect(audit).toContainText('days 14 d');
  await expect(audit).toContainText('sum of the rates settled');
  await page.keyboard.press('Escape');
  await expect(audit).toBeHidden();

  // No value says why, on hover and on focus.
  const regime = terminal
    .row(first ?? '')
    .locator('.metric')
    .nth(1);
  await expect(regime).toHaveText('\u2013');
  // A column of which a part is out of sight is not painted.
  await terminal.grid.evaluate((grid) => grid.scrollTo({ left: grid.scrollWidth }));
  await regime.hover();
  await expect(page.locator('.explain')).toContainText(/Regime, 24h: \w+/u);

  // A forecast is never without its record.
  await page.keyboard.press('c');
  await choose(terminal, 'Forecast of the next settlement');
  await page.keyboard.press('Escape');
  const foretold = terminal
    .row(first ?? '')
    .locator('.metric')
    .nth(2);
  await expect(foretold).toHaveText(/^(?:\u2013|[+\u2212]?\d+\.\d{4} (?:\u00B1\d\.\d{4}|\d+ of 30)\s*)$/u);
  await foretold.click();
  await expect(audit.getByRole('region', { name: 'Forecast record' })).toContainText('no change');
  await page.keyboard.press('Escape');

  await terminal.stop();
  await terminal.start();
  await expect(header).toContainText('14d');
  await expect(cell(first)).toHaveText(/\d\.\d{4}\s*$/u);
  await header.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Remove the column' }).click();
  await expect(header).toHaveCount(0);
});

test('the lower pane draws what is chosen, its parameters are edited in place, its bars explained', async ({ terminal }) => {
  await started(terminal);
  const { page, chart } = terminal;
  await expect(chart).toHaveAttribute('data-pane', '');

  await page.keyboard.press('p');
  await choose(terminal, 'Volatility-adjusted score');
  await expect(chart).toHaveAttribute('data-pane', 'score');
  await expect.poll(() => terminal.number('data-pane-points')).toBeGreaterThan(10);
  const window = page.locator('[data-param="w"]');
  await window.fill('1');
  await expect(page.getByText('Enter a whole number, 2 to 2160 intervals')).toBeVisible();
  await window.fill('12');
  await page.keyboard.press('Enter');

  const box = await chart.boundingBox();
  if (!box) throw new Error('The chart has no box');
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.8);
  await expect(page.locator('.readout')).toContainText('Volatility-adjusted');
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.8);
  const audit = auditOf(terminal);
  await expect(audit).toContainText('w 12 intervals');
  await expect(audit).toContainText('sigma');
  await expect(audit).toContainText(/Used\s*\d+ settlements \(at least 6 needed\)/u);
  await expect(audit).toContainText(/Gaps\s*none/u);
  await expect(audit).toContainText('mark before');
  await page.keyboard.press('Escape');
  await expect(audit).toBeHidden();

  // By keys alone: read one bar, ask, and come back to it.
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('e');
  await expect(audit).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chart).toBeFocused();

  // The same pane in a window of its own, and after a restart.
  await terminal.grid.focus();
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('o')]);
  await expect.poll(async () => Number(await popup.getByRole('application').getAttribute('data-pane-points'))).toBeGreaterThan(10);
  await popup.close();
  await terminal.stop();
  await terminal.start();
  await expect(chart).toHaveAttribute('data-pane', 'score');
  await expect(window).toHaveValue('12');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('lower pane divergence on its band');
  await page.keyboard.press('Enter');
  await expect(chart).toHaveAttribute('data-pane', '');
});

test('the audit of a group holds a row for each instrument, nothing of it beyond the edge', async ({ terminal }) => {
  await started(terminal);
  const { page, chart } = terminal;
  await page.keyboard.press('p');
  await choose(terminal, 'Asset funding');
  await expect(chart).toHaveAttribute('data-pane', 'asset-funding');
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('e');
  const audit = auditOf(terminal);
  await expect(audit.getByRole('columnheader')).toHaveText(['Instrument', 'f, %/8h', 'OI, USD', 'Source', /^Time, /u]);
  await expect(audit.getByRole('row', { name: /^Bybit BTCUSDT /u })).toHaveCount(1);
  expect(await audit.evaluate((panel) => panel.scrollWidth - panel.clientWidth)).toBe(0);
});

test('the figures of the header and of the selected row say where they come from', async ({ terminal }) => {
  await started(terminal);
  const { page } = terminal;
  const audit = auditOf(terminal);
  await page.keyboard.press('e');
  await expect(audit).toContainText('EMA divergence');
  await expect(audit).toContainText('n 12 periods');
  await page.keyboard.press('Escape');
  await expect(terminal.grid).toBeFocused();
  // By keys alone to the button that closes it, and back.
  await page.keyboard.press('e');
  await expect(audit).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(audit).toBeHidden();
  await expect(terminal.grid).toBeFocused();

  await page.locator('header button.figure').click();
  await expect(audit).toContainText('Funding');
  await expect(audit).toContainText(/settlement|running rate/u);
  await page.keyboard.press('Escape');
  await expect(audit).toBeHidden();
});

test('the matrix holds assets by venues with spread and pair, and selects what is clicked', async ({ terminal }) => {
  await started(terminal);
  const { page } = terminal;
  await page.keyboard.press('m');
  const matrix = page.getByRole('region', { name: 'Matrix of assets and venues' });
  const cell = matrix.locator('button[data-cell="bybit:ETHUSDT"]');
  await cell.click();
  await expect(cell).toHaveAttribute('aria-current', 'true');
  await expect(terminal.row('bybit:ETHUSDT')).toHaveAttribute('aria-selected', 'true');
  await expect(matrix.getByRole('row', { name: /^ETH/u })).toContainText(/\d\.\d{4}.* \/ /u);

  // Arrows walk the table; Enter on a spread asks where it comes from.
  await cell.focus();
  await page.keyboard.press('ArrowRight');
  await expect(cell).not.toBeFocused();
  await matrix.locator('[data-cell="spread ETH"]').focus();
  await page.keyboard.press('Enter');
  const audit = auditOf(terminal);
  await expect(audit).toContainText('Cross-venue spread');
  await expect(audit).toContainText('Bybit ETHUSDT');
  await expect(audit).toContainText(/Instruments\s*\d+ of \d+ used/u);
  await page.keyboard.press('Escape');

  await matrix.getByRole('radio', { name: 'All' }).click();
  // Six majors and two lines of heads were there before.
  await expect.poll(() => matrix.getByRole('table').evaluate((table) => Number(table.ariaRowCount))).toBeGreaterThan(12);
});
