import { venuesOn } from '#test/support/demo-url.ts';
import { expect, test } from './terminal.ts';

test.describe('an empty folder', () => {
  test.use({ history: 'none' });

  test('a first start shows a filled list, its first row selected and its chart drawn', async ({ terminal }) => {
    await terminal.start({ demoSpeed: 10 });
    const { page } = terminal;
    await expect(page.getByText('DEMO')).toBeVisible();
    // It says what it is until that is closed, holds nothing up, and comes back by its name alone.
    const introduction = page.locator('[data-test="introduction"]');
    await expect(introduction).toContainText('on this machine, without an account or a key');
    await expect(page.locator('.demo')).toContainText('10');
    await terminal.lists('Majors', 'AI tokens', 'Virtuals', 'Everything');

    await terminal.whole(venuesOn());
    await expect(terminal.row((await terminal.ids())[0] ?? '')).toHaveAttribute('aria-selected', 'true');
    await terminal.drawn();
    expect(await terminal.inked()).toBeGreaterThan(10_000);
    await expect(page.getByText(/^history complete from/u)).toBeVisible();
    const on = page.locator('[data-venue]:not([data-state="off"])');
    await expect(on).toHaveCount(venuesOn().length);
    // However many there are, and while their history is being fetched: none is cut off.
    expect(await page.locator('footer ul').evaluate((list) => list.scrollWidth - list.clientWidth)).toBe(0);
    for (const venue of await on.all()) await expect(venue).toHaveAttribute('data-state', 'healthy');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(introduction).toHaveCount(0);
    await page.reload();
    await expect(terminal.grid.locator('[data-id]').first()).toBeVisible();
    await expect(introduction).toHaveCount(0);
    const palette = page.getByRole('combobox', { name: 'Search or command' });
    await page.keyboard.press('Control+k');
    await palette.fill('help three sentences');
    await page.keyboard.press('Enter');
    await expect(introduction).toBeVisible();
    // Settings and the help of a metric are found as instruments are.
    await page.keyboard.press('Control+k');
    await palette.fill('colours blind');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-colours', 'safe');
    await page.keyboard.press('Control+k');
    await palette.fill('help funding percentile');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog').getByRole('heading', { name: 'Funding percentile' })).toBeVisible();
  });
});

// One after another: the last ones leave another unit and another list.
test.describe('in one app', () => {
  test.use({ app: 'shared' });

  test('the keyboard moves, opens, filters and finds', async ({ terminal }) => {
    await terminal.start();
    await terminal.whole();
    await terminal.drawn();
    const { page } = terminal;
    const selected = async (): Promise<string | null> => terminal.grid.locator('[aria-selected="true"]').getAttribute('data-id');
    const ids = await terminal.ids();
    // Nothing has the focus yet: arrows mean the watchlist all the same.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(selected).toBe(ids[2]);
    await page.keyboard.press('End');
    const { grid } = terminal;
    // Rows that are far away are not in the document; the last one comes with the selection.
    await expect(grid.locator('[aria-selected="true"]')).toHaveAttribute('aria-rowindex', (await grid.getAttribute('aria-rowcount')) ?? '');
    await page.keyboard.press('Home');
    await expect.poll(selected).toBe(ids[0]);
    await page.keyboard.press('Enter');
    await expect(terminal.chart).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect(page.locator('.readout')).toContainText(/settled|running/u);
    await page.keyboard.press('Escape');
    await expect(terminal.grid).toBeFocused();

    await page.keyboard.press('/');
    await page.keyboard.type('eth hyper');
    await expect.poll(() => terminal.ids()).toEqual(['hyperliquid:ETH']);
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await terminal.ids()).length).toBe(ids.length);

    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('theme light');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  });

  test('keys in quick succession all count: what is closed is closed before the next one', async ({ terminal }) => {
    await terminal.start();
    await terminal.drawn();
    const { page } = terminal;
    /** Each key in a task of its own, as a keyboard sends them, with nothing of the browser's between. */
    const press = (...keys: string[]): Promise<void> =>
      page.evaluate(async (names) => {
        for (const name of names) {
          const [key = '', ctrl] = name.split('+').reverse();
          const target = document.activeElement ?? document.body;
          target.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: ctrl === 'Control', bubbles: true, cancelable: true }));
          await new Promise<void>(queueMicrotask);
        }
      }, keys);
    /** What the browser says late about a dialog that closed has been said. */
    const settled = (): Promise<void> =>
      page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => done()), 50)));
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });

    await press('j', '?', 'Escape', 'Escape');
    await expect(page.getByRole('region', { name: 'Calculators' })).toBeHidden();
    await press('?', 'Escape', '?');
    await settled();
    await expect(dialog).toBeVisible();
    await press('Escape', 'Control+k');
    await settled();
    await expect(page.getByRole('combobox')).toBeVisible();
  });

  test('Enter right after typing takes what was typed, never an older answer', async ({ terminal }) => {
    await terminal.start();
    await terminal.drawn();
    const { page } = terminal;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('doge hyper');
    await page.keyboard.press('Enter');
    await expect(terminal.row('hyperliquid:DOGE')).toHaveAttribute('aria-selected', 'true');
    await expect(page.locator('.instrument h2')).toHaveText('DOGE/USDC');
  });

  test('one switch changes the unit everywhere, and what is dashed says why', async ({ terminal }) => {
    await terminal.start();
    await terminal.drawn();
    const { page } = terminal;
    const head = page.getByRole('columnheader', { name: 'Rate' });
    await expect(head).toContainText('%/8h');
    const id = (await terminal.ids())[0] ?? '';
    await page.getByRole('radio', { name: 'APR' }).click();
    await expect(head).toContainText('% APR');
    await expect(page.locator('.instrument .sentence')).toContainText('a year');
    await terminal.grid.focus();
    await page.keyboard.press('u');
    await expect(page.getByRole('radio', { name: 'interval' })).toBeChecked();
    await terminal.cell(id, 'd').hover();
    await expect(page.locator('.explain')).toContainText(/Divergence|No divergence/u);
  });

  test('at 1440 x 900 at least 25 rows stand beside the chart', async ({ terminal }) => {
    await terminal.start();
    await terminal.openList('Everything');
    await expect.poll(async () => (await terminal.ids()).length).toBeGreaterThan(25);
    const whole = await terminal.grid.evaluate((grid) => {
      const box = grid.getBoundingClientRect();
      return [...grid.querySelectorAll('[data-id]')].filter((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return top >= box.top && bottom <= box.bottom;
      }).length;
    });
    expect(whole).toBeGreaterThanOrEqual(25);
    await expect(terminal.chart).toBeVisible();
  });
});
