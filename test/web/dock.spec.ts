import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, test, type Terminal } from './terminal.ts';

const tab = (page: Page, name: string): Locator => page.locator('.dv-tab', { hasText: name });
const group = (page: Page, name: string): Locator => page.locator('.dv-groupview', { has: tab(page, name) });
const panel = (page: Page, id: string): Locator => page.locator(`[data-dock="${id}"]`);
const box = async (of: Locator) => (await of.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or command' }).fill(title);
  await page.getByRole('option', { name: title }).first().click();
}

async function choose(page: Page, of: string, item: string, role: 'menuitem' | 'menuitemradio' = 'menuitem'): Promise<void> {
  await tab(page, of).click({ button: 'right' });
  await page.getByRole(role, { name: item, exact: true }).click();
}

async function open(terminal: Terminal): Promise<Page> {
  await terminal.start();
  await expect(terminal.row('binance:ETHUSDT')).toBeVisible();
  return terminal.page;
}

/** The same, whatever those before it arranged. */
async function begin(terminal: Terminal): Promise<Page> {
  const page = await open(terminal);
  await command(page, 'Layout: reset to the default');
  return page;
}

test('layouts have names and digits: saved, switched, renamed, deleted, brought back, reset', async ({ terminal }) => {
  const page = await open(terminal);
  await page.keyboard.press('m');
  await choose(page, 'Alerts', 'Float over the others');
  await command(page, 'Layout: save what stands as a new one');
  await expect(page.getByRole('button', { name: 'Layout 1' })).toBeVisible();
  await command(page, 'Layout: reset to the default');
  await expect(page.locator('.dv-resize-container')).toHaveCount(0);
  await terminal.grid.focus();
  await page.keyboard.press('s');
  await expect(panel(page, 'calculators')).toBeVisible();
  await command(page, 'Layout: save what stands as a new one');
  await terminal.grid.focus();
  await page.keyboard.press('1');
  await expect(page.locator('.dv-resize-container', { has: tab(page, 'Alerts') })).toBeVisible();
  await expect(panel(page, 'calculators')).toHaveCount(0);
  await terminal.grid.focus();
  await page.keyboard.press('2');
  await expect(panel(page, 'calculators')).toBeVisible();
  await expect(page.locator('.dv-resize-container')).toHaveCount(0);

  await command(page, 'Layouts: name, rename, delete, save to a file and read from one');
  const dialog = page.getByRole('dialog', { name: 'Layouts' });
  await dialog.getByRole('textbox', { name: 'Name of layout 2' }).fill('Sizing');
  await dialog.getByRole('textbox', { name: 'Name of layout 2' }).press('Tab');
  await dialog.getByRole('button', { name: 'Delete Layout 1' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Sizing' })).toBeVisible();
  await page.locator('.toast', { hasText: 'Layout 1 deleted' }).getByRole('button', { name: 'Undo' }).click();
  await page.reload();
  await expect(terminal.row('binance:ETHUSDT')).toBeVisible();
  await expect(panel(page, 'calculators')).toBeVisible();
  await terminal.grid.focus();
  await page.keyboard.press('1');
  await expect(page.locator('.dv-resize-container', { has: tab(page, 'Alerts') })).toBeVisible();
});

test('layouts leave as a file and come in beside those that are here; a broken one is refused with a sentence', async ({ terminal }) => {
  const page = await open(terminal);
  await choose(page, 'Alerts', 'Float over the others');
  await command(page, 'Layout: save what stands as a new one');
  await command(page, 'Layouts: name, rename, delete, save to a file and read from one');
  const dialog = page.getByRole('dialog', { name: 'Layouts' });
  const saved = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save layouts to a file' }).click();
  const text = await readFile(await (await saved).path(), 'utf8');
  const file = JSON.parse(text) as {
    blocks: { layout: { value: { layout: { panels: Record<string, object> }; layouts: { name: string }[] } } };
  };
  expect(Object.keys(file.blocks)).toEqual(['layout']);
  const give = (content: unknown) =>
    dialog.locator('input[type="file"]').setInputFiles({
      name: 'layouts.json',
      mimeType: 'application/json',
      buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    });
  await give('{"perpscope":');
  await expect(dialog.getByRole('alert')).toHaveText('This is no file of a setup: it is not JSON. Choose one that Perpscope saved.');
  const broken = structuredClone(file);
  broken.blocks.layout.value.layout.panels['journal'] = {};
  await give(broken);
  await expect(dialog.getByRole('alert')).toContainText('It cannot be used: layout is not what it should be.');
  await expect(page.locator('.dv-resize-container')).toBeVisible();

  const other = structuredClone(file);
  for (const layout of other.blocks.layout.value.layouts) layout.name = 'Brought';
  await dialog.getByRole('button', { name: 'Reset to the default' }).click();
  await expect(page.locator('.dv-resize-container')).toHaveCount(0);
  await give(other);
  await expect(dialog.getByRole('status')).toHaveText('The layouts of the file are here, beside those that were.');
  await expect(dialog.getByRole('textbox', { name: 'Name of layout 1' })).toHaveValue('Layout 1');
  await expect(dialog.getByRole('textbox', { name: 'Name of layout 2' })).toHaveValue('Brought');
  await expect(page.locator('.dv-resize-container')).toBeVisible();
});

// Each begins with the default layout.
test.describe('in one app', () => {
  test.use({ app: 'shared' });

  test('a menu whose panel is moved is shut by it, and its button opens it again', async ({ terminal }) => {
    const page = await begin(terminal);
    const lists = page.getByRole('button', { name: /^Lists/u });
    await lists.click();
    await expect(page.getByRole('menuitem', { name: 'New list' })).toBeVisible();
    // As the dock does when it lays its panels out anew: out of the page and in again.
    await lists.evaluate((button) => {
      const around = button.closest('.dv-content-container') ?? button.closest('[data-panel]');
      const parent = around?.parentElement;
      if (!around || !parent) throw new Error('The list stands in no panel.');
      const next = around.nextSibling;
      around.remove();
      parent.insertBefore(around, next);
    });
    await expect(lists).toHaveAttribute('aria-expanded', 'false');
    await lists.click();
    await expect(page.getByRole('menuitem', { name: 'New list' })).toBeVisible();
    await page.keyboard.press('Escape');
  });

  test('panels stand as tabs: one is split off, floats, is docked again, closed and opened by its name', async ({ terminal }) => {
    const page = await begin(terminal);
    await expect(tab(page, 'Threshold')).toHaveAttribute('aria-selected', 'true');
    await tab(page, 'Alerts').click();
    await expect(panel(page, 'alerts')).toBeVisible();
    await expect(panel(page, 'threshold')).toBeHidden();

    await choose(page, 'Alerts', 'Split to the right');
    await expect(panel(page, 'alerts')).toBeVisible();
    const [besides, alerts] = [await box(group(page, 'Matrix')), await box(group(page, 'Alerts'))];
    expect(alerts.x).toBeGreaterThanOrEqual(besides.x + besides.width - 2);
    expect(Math.abs(alerts.y - besides.y)).toBeLessThan(3);

    await choose(page, 'Alerts', 'Float over the others');
    const frame = page.locator('.dv-resize-container', { has: tab(page, 'Alerts') });
    await expect(frame).toBeVisible();
    const floating = await box(frame);
    expect(floating.x + floating.width).toBeLessThanOrEqual(1440);
    expect(floating.y + floating.height).toBeLessThanOrEqual(900);
    await choose(page, 'Alerts', 'Dock it again');
    await expect(page.locator('.dv-resize-container')).toHaveCount(0);
    await expect(group(page, 'Matrix').locator('.dv-tab', { hasText: 'Alerts' })).toBeVisible();

    await tab(page, 'Alerts').focus();
    await page.keyboard.press('Delete');
    await expect(tab(page, 'Alerts')).toHaveCount(0);
    await page.getByRole('button', { name: 'Panels' }).click();
    await page.getByRole('menuitemradio', { name: /^Alerts/u }).click();
    await expect(panel(page, 'alerts')).toBeVisible();
  });

  test('what stands behind another tab asks for nothing, and for what is shown now once it is in front', async ({ terminal }) => {
    const page = await begin(terminal);
    await expect(tab(page, 'Threshold')).toHaveAttribute('aria-selected', 'true');
    let asked = 0;
    page.on('request', (request) => (asked += Number(request.postData()?.includes('metrics.matrix') === true)));
    // Another list is another question of the matrix, at once.
    await terminal.openList('AI tokens');
    await expect(terminal.row('binance:TAOUSDT')).toBeVisible();
    await terminal.openList('Majors');
    await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
    expect(asked).toBe(0);
    await tab(page, 'Matrix').click();
    await expect(panel(page, 'matrix').getByRole('rowheader', { name: /^BTC/u })).toBeVisible();
    expect(asked).toBeGreaterThan(0);
    await tab(page, 'Threshold').click();
  });

  test('a tab is dragged beside another group, and stands there after a restart', async ({ terminal }) => {
    const page = await begin(terminal);
    const [from, to] = [await box(tab(page, 'Threshold')), await box(panel(page, 'chart'))];
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 5 });
    // It is let go where the half that it would take is shown: a busy page shows it late.
    const half = page.locator('.dv-drop-target-selection, .dv-drop-target-anchor').first();
    const edge = async (): Promise<number> => {
      await page.mouse.move(to.x + to.width - 12, to.y + to.height / 2, { steps: 5 });
      return (await half.isVisible()) ? (await box(half)).x : 0;
    };
    await expect.poll(edge).toBeGreaterThanOrEqual(to.x + to.width / 2 - 2);
    await page.mouse.up();
    const right = async (): Promise<number> => {
      const chart = await box(panel(page, 'chart'));
      return (await box(panel(page, 'threshold'))).x - (chart.x + chart.width);
    };
    await expect.poll(right).toBeGreaterThanOrEqual(-2);
    const [chart, threshold] = [await box(panel(page, 'chart')), await box(panel(page, 'threshold'))];
    expect(Math.abs(threshold.y - chart.y)).toBeLessThan(3);
    await page.reload();
    await expect(terminal.row('binance:ETHUSDT')).toBeVisible();
    await expect(panel(page, 'threshold')).toBeVisible();
    const again = await box(panel(page, 'threshold'));
    expect([Math.round(again.x), Math.round(again.width)]).toEqual([Math.round(threshold.x), Math.round(threshold.width)]);
  });

  test('two charts with two colours follow two instruments', async ({ terminal }) => {
    const page = await begin(terminal);
    await terminal.pick('binance:BTCUSDT');
    const [first, second] = [panel(page, 'chart'), panel(page, 'chart:2')];
    const name = (of: Locator): Locator => of.getByRole('heading', { level: 2 });
    await expect(name(first)).toContainText('BTC');
    await command(page, 'Another chart, with a link colour of its own');
    await expect(name(second)).toContainText('BTC');
    await choose(page, 'Chart 2', 'Colour B', 'menuitemradio');
    await tab(page, 'Chart').first().click({ button: 'right' });
    await page.getByRole('menuitemradio', { name: 'Colour A', exact: true }).click();
    await choose(page, 'Watchlist', 'Colour A', 'menuitemradio');
    await terminal.pick('binance:ETHUSDT');
    await expect(name(first)).toContainText('ETH');
    await expect(name(second)).toContainText('BTC');
    await choose(page, 'Watchlist', 'Colour B', 'menuitemradio');
    // The list goes to what its new colour shows.
    await expect(terminal.row('binance:BTCUSDT')).toHaveAttribute('aria-selected', 'true');
    await terminal.pick('binance:SOLUSDT');
    await expect(name(second)).toContainText('SOL');
    await expect(name(first)).toContainText('ETH');
    // Each has a range of its own, and all of it is there after a reload.
    await second.getByRole('radio', { name: '30D' }).click();
    await page.reload();
    await expect(name(second)).toContainText('SOL');
    await expect(name(first)).toContainText('ETH');
    await expect(second.getByRole('radio', { name: '30D' })).toBeChecked();
    await expect(first.getByRole('radio', { name: '7D' })).toBeChecked();
  });

  test('charts share the crosshair, and the stretch of time, only where each is switched on', async ({ terminal }) => {
    const page = await begin(terminal);
    await terminal.drawn();
    await command(page, 'Another chart, with a link colour of its own');
    const [first, second] = [panel(page, 'chart'), panel(page, 'chart:2')];
    const drawing = (of: Locator): Locator => of.getByRole('application');
    await expect.poll(async () => Number(await drawing(second).getAttribute('data-bars'))).toBeGreaterThan(20);
    const readAt = async (): Promise<void> => {
      const { x, y, width, height } = await box(drawing(first));
      await page.mouse.move(x + width / 3, y + height / 3);
      await page.mouse.move(x + width / 2, y + height / 3);
    };
    await readAt();
    await expect(second.locator('[data-crosshair]')).toHaveCount(0);
    for (const name of ['Chart', 'Chart 2']) {
      await page
        .locator('.dv-tab')
        .filter({ hasText: new RegExp(`^\\s*[A-D]?\\s*${name}\\s*$`, 'u') })
        .click({ button: 'right' });
      await page.getByRole('menuitemradio', { name: 'Crosshair', exact: true }).click();
    }
    await readAt();
    await expect(second.locator('[data-crosshair]')).toHaveCount(1);
    const at = Number(await second.locator('[data-crosshair]').getAttribute('data-crosshair'));
    const [from, to] = [Number(await drawing(first).getAttribute('data-from')), Number(await drawing(first).getAttribute('data-to'))];
    expect(at).toBeGreaterThan(from);
    expect(at).toBeLessThan(to);

    const span = async (of: Locator): Promise<number> =>
      Math.round((Number(await drawing(of).getAttribute('data-to')) - Number(await drawing(of).getAttribute('data-from'))) / 3_600_000);
    const before = await span(second);
    await drawing(first).focus();
    await page.keyboard.press('+');
    await expect.poll(() => span(first)).toBeLessThan(before);
    expect(await span(second)).toBe(before);
    await drawing(first).press('0');
    for (const name of ['Chart', 'Chart 2']) {
      await page
        .locator('.dv-tab')
        .filter({ hasText: new RegExp(`^\\s*[A-D]?\\s*${name}\\s*$`, 'u') })
        .click({ button: 'right' });
      await page.getByRole('menuitemradio', { name: 'Time range', exact: true }).click();
    }
    await drawing(first).focus();
    await page.keyboard.press('+');
    await expect.poll(() => span(first)).toBeLessThan(before);
    await expect.poll(async () => (await span(second)) - (await span(first))).toBe(0);
  });

  test('by keyboard alone: panels are gone through, moved, made larger and closed', async ({ terminal }) => {
    const page = await begin(terminal);
    await terminal.grid.focus();
    await page.keyboard.press('F6');
    await expect(terminal.chart).toBeFocused();
    await page.keyboard.press('Shift+F6');
    await expect(terminal.grid).toBeFocused();
    await page.keyboard.press('t');
    await expect(panel(page, 'threshold')).toBeVisible();
    await command(page, 'Threshold: split right');
    await expect(panel(page, 'threshold')).toBeVisible();
    const before = (await box(group(page, 'Threshold'))).height;
    await command(page, 'Threshold: taller');
    await expect.poll(async () => (await box(group(page, 'Threshold'))).height).toBe(before + 40);
    await command(page, 'Threshold: move left');
    await expect(group(page, 'Matrix').locator('.dv-tab', { hasText: 'Threshold' })).toHaveCount(1);
    await command(page, 'Threshold: close');
    await expect(tab(page, 'Threshold')).toHaveCount(0);
    await expect(terminal.grid).toBeFocused();
  });

  test('a page that is narrower, then wide again, holds everything; a floating panel stays within reach', async ({ terminal }) => {
    const page = await begin(terminal);
    await page.setViewportSize({ width: 1600, height: 900 });
    await choose(page, 'Alerts', 'Float over the others');
    await page.setViewportSize({ width: 900, height: 600 });
    for (const id of ['watchlist', 'chart', 'threshold', 'alerts']) {
      // The dock follows the page's size in a turn of its own.
      const holds = async (): Promise<boolean[]> => {
        const { x, y, width, height } = await box(panel(page, id));
        return [x >= 0, y >= 0, x + width <= 901, y + height <= 601, width > 100, height > 60];
      };
      await expect.poll(holds, id).toEqual([true, true, true, true, true, true]);
    }
    await page.setViewportSize({ width: 1600, height: 900 });
    const right = async (): Promise<number> => {
      const { x, width } = await box(panel(page, 'chart'));
      return x + width;
    };
    await expect.poll(right).toBeGreaterThan(1590);
  });

  test('windows of their own that stood open are offered again in one press, or docked', async ({ terminal }) => {
    const page = await begin(terminal);
    const own = async (title: string): Promise<Page> => {
      await page.bringToFront();
      const [popup] = await Promise.all([page.waitForEvent('popup'), command(page, `${title} in its own window`)]);
      await expect(popup.locator('[data-panel]').first()).toBeVisible();
      return popup;
    };
    await own('Matrix');
    await own('Journal');
    const closed = await own('Alerts');
    await closed.close();
    await page.bringToFront();
    await page.reload();
    await expect(terminal.row('binance:ETHUSDT')).toBeVisible();
    const offer = page.getByRole('status').filter({ hasText: 'Stood open in windows of their own: Matrix, Journal' });
    await expect(offer).toBeVisible();
    await offer.getByRole('button', { name: 'Open 2 windows again' }).click();
    await expect.poll(() => page.context().pages().length).toBe(3);
    await expect(offer).toHaveCount(0);
    for (const popup of page
      .context()
      .pages()
      .filter((each) => each !== page))
      await expect(popup.locator('[data-panel]').first()).toBeVisible();
    await page.reload();
    await expect(terminal.row('binance:ETHUSDT')).toBeVisible();
    await expect(offer).toBeVisible();
    await expect(panel(page, 'journal')).toHaveCount(0);
    await offer.getByRole('button', { name: 'Dock them here' }).click();
    await expect(panel(page, 'journal')).toBeVisible();
    await expect(offer).toHaveCount(0);
    await page.reload();
    await expect(terminal.row('binance:ETHUSDT')).toBeVisible();
    await expect(offer).toHaveCount(0);
    await expect(panel(page, 'journal')).toBeVisible();
  });
});
