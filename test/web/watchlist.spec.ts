import { expect, test } from './terminal.ts';

test('what is added, removed and moved is there after a restart', async ({ terminal }) => {
  const { page } = terminal;
  // All rows of the list are in sight: of one that is longer than its window only those are in the document.
  await page.setViewportSize({ width: 1440, height: 2600 });
  await terminal.start();
  await terminal.whole();
  const [first = '', second = '', third = ''] = (await terminal.ids()).map((id) => id ?? '');

  // Added by search.
  await page.keyboard.press('+');
  await page.getByRole('combobox').fill('fet bybit');
  await expect(page.getByRole('option').first()).toContainText('FETUSDT');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect.poll(() => terminal.ids()).toContain('bybit:FETUSDT');

  // Removed by key, brought back by undo, removed again.
  await terminal.pick(first);
  await page.keyboard.press('Delete');
  await expect.poll(() => terminal.ids()).not.toContain(first);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await terminal.ids())[0]).toBe(first);
  await terminal.pick(first);
  await page.keyboard.press('Delete');
  await expect.poll(() => terminal.ids()).not.toContain(first);

  // Moved by keys, then by dragging.
  await terminal.pick(second);
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(async () => (await terminal.ids()).slice(0, 2)).toEqual([third, second]);
  const added = terminal.row('bybit:FETUSDT');
  await added.dragTo(terminal.row(third), { targetPosition: { x: 60, y: 2 } });
  await expect.poll(async () => (await terminal.ids()).slice(0, 3)).toEqual(['bybit:FETUSDT', third, second]);
  const order = await terminal.ids();

  await terminal.stop();
  await terminal.start();
  await expect.poll(() => terminal.ids()).toEqual(order);
});

test('the filter compares columns, says what it cannot read, and headers order by several', async ({ terminal }) => {
  await terminal.start();
  const { page } = terminal;
  await terminal.whole();
  const whole = Number(await terminal.grid.getAttribute('aria-rowcount'));
  await page.keyboard.press('/');
  const field = page.getByRole('textbox', { name: 'Filter this list' });
  await field.fill('asset = btc and venue != bybit');
  await expect.poll(async () => (await terminal.ids()).length).toBeGreaterThan(0);
  await expect.poll(async () => (await terminal.ids()).every((id) => /BTC|XBT/u.test(id ?? '') && !id?.startsWith('bybit:'))).toBe(true);

  await field.fill('asset = btc and d >');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('After > a value is missing.')).toBeVisible();
  await expect.poll(async () => Number(await terminal.grid.getAttribute('aria-rowcount'))).toBe(whole);
  await page.keyboard.press('Escape');
  await expect(field).toHaveValue('');

  await page.getByRole('columnheader', { name: 'Venue' }).getByRole('button').click();
  await page
    .getByRole('columnheader', { name: 'Asset' })
    .getByRole('button')
    .click({ modifiers: ['Shift'] });
  await expect(page.getByRole('columnheader', { name: 'Venue' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(page.getByRole('columnheader', { name: 'Asset' })).toHaveAttribute('aria-sort', 'ascending');
  // By the venue's id, then by asset; Binance lists a BNB contract, and nothing of the list before it.
  await expect.poll(async () => (await terminal.ids())[0]).toBe('binance:BNBUSDT');
});

// One after another: each leaves lists that those after it do not look at.
test.describe('in one app', () => {
  test.use({ app: 'shared' });

  test('lists are made, named and deleted; sorting leaves the own order alone', async ({ terminal }) => {
    await terminal.start();
    const { page } = terminal;
    await terminal.whole();
    const own = await terminal.ids();
    await page.getByRole('columnheader', { name: 'Asset' }).click();
    await expect.poll(async () => (await terminal.ids())[0]).toContain('BNB');
    await page.getByRole('columnheader', { name: 'Asset' }).click();
    await page.getByRole('columnheader', { name: 'Asset' }).click();
    await expect.poll(() => terminal.ids()).toEqual(own);

    await page.getByRole('button', { name: /^Lists/u }).click();
    await page.getByRole('menuitem', { name: 'New list' }).click();
    await page.getByRole('textbox', { name: 'Name of the list' }).fill('Carry');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: 'Carry' })).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByText('This list is empty.')).toBeVisible();

    await page.getByRole('button', { name: /^Lists/u }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name of the list' }).fill('Basis');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: 'Basis' })).toBeVisible();

    await page.getByRole('button', { name: /^Lists/u }).click();
    await page.getByRole('menuitem', { name: 'Delete Basis' }).click();
    await terminal.lists('Majors', 'AI tokens', 'Virtuals', 'Everything');
  });

  test('everything that is listed is one key away, the most crowded first, and no list changes by it', async ({ terminal }) => {
    const { page } = terminal;
    await page.setViewportSize({ width: 1920, height: 900 });
    await terminal.start();
    await terminal.whole();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('most crowded');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: 'Everything' })).toHaveAttribute('aria-selected', 'true');
    // More than the lists hold: it lists the venues' whole markets.
    await expect.poll(async () => Number(await terminal.grid.getAttribute('aria-rowcount'))).toBeGreaterThan(60);
    // In one unit: as the header says it, whatever the intervals of the contracts.
    const rates = async (): Promise<number[]> => {
      const texts = await terminal.grid.locator('[data-column="rate"]').allTextContents();
      return texts.map((text) => Math.abs(Number(text.trim().replace('\u2212', '-'))));
    };
    await expect
      .poll(async () => {
        const seen = (await rates()).slice(0, 15);
        return seen.length === 15 && seen[0] !== 0 && seen.every((rate, i) => i === 0 || rate <= (seen[i - 1] ?? 0) + 1e-9);
      })
      .toBe(true);
    await expect(page.getByRole('columnheader', { name: 'Volume' })).toBeVisible();
    await page.getByRole('columnheader', { name: 'Volume' }).getByRole('button').click();
    await expect(page.getByRole('columnheader', { name: 'Volume' })).toHaveAttribute('aria-sort', 'descending');

    // Looked at from here, an instrument is opened; it is in no list by that.
    await terminal.grid.locator('[data-id]').first().click();
    await terminal.openList('Majors');
    await expect(page.getByRole('columnheader', { name: 'Volume' })).toHaveCount(0);
    await terminal.stop();
    await terminal.start();
    await terminal.openList('Everything');
    await expect.poll(async () => Number(await terminal.grid.getAttribute('aria-rowcount'))).toBeGreaterThan(60);
  });

  test('rows are marked and acted on together, what is taken out comes back, and groups say their median', async ({
    terminal,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await terminal.start();
    const { page } = terminal;
    await page.setViewportSize({ width: 1440, height: 2600 });
    await terminal.openList('Majors');
    await terminal.whole();
    const own = (await terminal.ids()).map((id) => id ?? '');
    const [first = '', second = '', third = '', fourth = ''] = own;

    await terminal.pick(first);
    await terminal.pick(third, { modifiers: ['Shift'] });
    await expect(page.getByText('3 marked')).toBeVisible();
    await terminal.pick(second, { modifiers: ['Control'] });
    await expect(page.getByText('2 marked')).toBeVisible();
    await expect(terminal.row(third)).toHaveAttribute('aria-selected', 'true');

    await terminal.pick(third, { button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy 2 rows as TradingView symbol' }).click();
    // The first asset of the list on its first venues: Binance's and Hyperliquid's names of it on TradingView.
    await expect(page.getByText('2 TradingView symbols copied')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^BINANCE:BTCUSDT\.P,[A-Z]+:BTCUSD[TC]\.P$/u);

    await terminal.grid.focus();
    await page.keyboard.press('Delete');
    await expect.poll(async () => (await terminal.ids()).slice(0, 2)).toEqual([second, fourth]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => terminal.ids()).toEqual(own);

    await terminal.pick(first);
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByText('2 marked')).toBeVisible();
    await terminal.pick(first, { button: 'right' });
    await page.getByRole('menuitem', { name: 'Move 2 rows to Virtuals' }).click();
    await expect.poll(() => terminal.ids()).toEqual(own.slice(2));
    await terminal.openList('Virtuals');
    await expect.poll(async () => (await terminal.ids()).slice(-2)).toEqual([first, second]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => terminal.ids()).not.toContain(first);
    await terminal.openList('Majors');
    await expect.poll(() => terminal.ids()).toEqual(own);

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('group the watchlist by asset');
    await page.keyboard.press('Enter');
    const line = terminal.grid.getByRole('button', { name: /^BTC/u });
    await expect(line).toContainText(/median [+\u2212]?\d\.\d+, spread \d\.\d+ %\/8h/u);
    await line.click();
    await expect.poll(() => terminal.ids()).not.toContain(first);
  });

  test('a pasted list is added whole, and says what it could not add', async ({ terminal, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await terminal.start();
    const { page } = terminal;
    await terminal.whole();
    await page.getByRole('button', { name: /^Lists/u }).click();
    await page.getByRole('menuitem', { name: 'New list' }).click();
    await page.getByRole('textbox', { name: 'Name of the list' }).fill('Pasted');
    await page.keyboard.press('Enter');
    await expect(page.getByText('This list is empty.')).toBeVisible();
    const paste = async (text: string): Promise<void> => {
      await page.evaluate((words) => navigator.clipboard.writeText(words), text);
      await page.keyboard.press('Control+v');
    };
    await terminal.grid.focus();
    await page.keyboard.press('+');
    await paste('BINANCE:BTCUSDT.P,BYBIT:ETHUSDT.P,BINANCE:NOSUCHUSDT.P');
    await expect(page.getByText('Pasted into Pasted: added 2, known 0, refused 1.')).toBeVisible();
    await expect(page.getByText(/NOSUCHUSDT/u)).toBeVisible();
    await paste('TAOUSDT\nBTCUSDT\nNOSUCH');
    await expect(page.getByText(/added 1, known 1, refused 1|added 2, known 0, refused 1/u)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect.poll(() => terminal.ids()).toEqual(expect.arrayContaining(['binance:BTCUSDT', 'bybit:ETHUSDT']));
  });
});
