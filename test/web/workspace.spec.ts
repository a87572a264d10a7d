import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { gate } from '#test/support/gate.ts';
import { expect, test } from './terminal.ts';

const selected = (page: Page) => page.getByRole('grid').locator('[aria-selected="true"]');
const pressed = (page: Page, name: string) => page.getByRole('radio', { name, exact: true });

test('what is chosen while the first answers are slow stands, whatever comes after it', async ({ terminal }) => {
  const { page } = terminal;
  const [first, chosen] = [gate(), gate()];
  let beats = 0;
  let gets = 0;
  // The first answer is late by two beats. Where one of them asked anew, that answer comes after the choice.
  await page.route('**/bridge/call', async (route) => {
    const asked = route.request().postData() ?? '';
    if (!/workspace\.get|app\.info/u.test(asked)) return route.continue();
    const response = await route.fetch();
    if (asked.includes('workspace.get')) {
      if (++gets === 2) first.open();
      await (gets === 1 ? first : chosen).opened;
    }
    await route.fulfill({ response });
    if (asked.includes('app.info') && ++beats === 3) first.open();
  });
  await terminal.start();
  await terminal.pick('binance:ETHUSDT');
  await expect(selected(page)).toHaveAttribute('data-id', 'binance:ETHUSDT');
  await first.opened;
  await page.keyboard.press('s');
  const calculators = page.getByRole('region', { name: 'Calculators' });
  await expect(calculators).toBeVisible();
  const beatsBefore = beats;
  chosen.open();
  await expect.poll(() => beats).toBeGreaterThan(beatsBefore + 1);
  await expect(calculators).toBeVisible();
  await expect(selected(page)).toHaveAttribute('data-id', 'binance:ETHUSDT');
  await page.unrouteAll({ behavior: 'wait' });
});

test('columns of one tab are worked out for it, and are none of the other', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
  const other = await page.context().newPage();
  await other.goto(new URL(page.url()).origin);
  await expect(other.locator('[data-id="binance:BTCUSDT"]')).toBeVisible();
  await other.keyboard.press('Control+k');
  await other.getByRole('combobox').fill('Column: Premium');
  await other.getByRole('option', { name: 'Column: Premium', exact: true }).click();
  const title = (tab: Page) => tab.getByRole('columnheader', { name: /^Premium/u });
  await expect(title(other)).toBeVisible();
  await expect(other.locator('[data-id="binance:BTCUSDT"] [data-column^="metric"]')).toHaveText(/\d/u);
  await expect(title(page)).toHaveCount(0);
  await other.close();
});

test.describe('a folder of an older version', () => {
  test.use({ history: 'none' });

  test('what an older version kept in its settings is what the first window shows', async ({ terminal }) => {
    await mkdir(join(terminal.dataDir, 'demo'), { recursive: true });
    const before = { activeList: 'ai', selected: 'bybit:TAOUSDT', range: '90d', columns: [{ metric: 'funding', params: {} }], pane: null };
    await writeFile(join(terminal.dataDir, 'demo/settings.json'), JSON.stringify(before));
    await terminal.start();
    const { page } = terminal;
    await expect(selected(page)).toHaveAttribute('data-id', 'bybit:TAOUSDT');
    await expect(page.getByRole('tab', { name: 'AI tokens', exact: true })).toHaveAttribute('aria-selected', 'true');
    await expect(pressed(page, '90D')).toHaveAttribute('aria-checked', 'true');
    await terminal.stop();
    const left = JSON.parse(await readFile(join(terminal.dataDir, 'demo/settings.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(left).filter((name) => Object.hasOwn(before, name))).toEqual([]);
  });
});

test('every key that the list of keys shows is bound once, and opens what it says', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const everywhere = list.locator('section', { has: page.getByRole('heading', { name: 'Everywhere' }) });
  const keys = await everywhere.locator('dt').evaluateAll((all) => all.map((one) => one.textContent.replaceAll(/\s/gu, '')));
  expect(keys.length).toBeGreaterThan(15);
  expect(new Set(keys).size).toBe(keys.length);
  await page.keyboard.press('Escape');
  for (const [key, region] of [
    ['m', /^Matrix/u],
    ['t', /^Threshold/u],
    ['s', /^Calculators/u],
    ['y', /^Evidence/u],
  ] as const) {
    expect(keys).toContain(key);
    await terminal.grid.focus();
    await page.keyboard.press(key);
    await expect(page.getByRole('region', { name: region })).toBeVisible();
  }
});

test('keys work in a window of a panel’s own: what they open stands on the page, what they change is seen in both', async ({
  terminal,
}) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  const own = async (command: string): Promise<Page> => {
    await page.bringToFront();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or command' }).fill(command);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
    await popup.bringToFront();
    return popup;
  };
  const list = await own('Watchlist in its own window');
  await expect(list.getByRole('grid')).toBeVisible();
  const unit = page.getByRole('radiogroup', { name: 'Unit of rates' }).getByRole('radio', { checked: true });
  const before = (await unit.textContent()) ?? '';
  await list.keyboard.press('u');
  await expect(unit).not.toHaveText(before);
  await list.keyboard.press('ArrowDown');
  await expect(selected(list)).toHaveCount(1);
  const was = await selected(page).getAttribute('data-id');
  await list.keyboard.press('ArrowDown');
  await expect(selected(page)).not.toHaveAttribute('data-id', was ?? '');
  // In a field the letter is typed.
  await list.getByRole('textbox', { name: 'Filter this list' }).focus();
  await list.keyboard.type('m');
  await expect(page.getByRole('region', { name: /^Matrix/u })).toHaveCount(0);
  await list.keyboard.press('Escape');
  await list.locator('body').click({ position: { x: 2, y: 2 } });
  await list.keyboard.press('m');
  await expect(page.getByRole('region', { name: /^Matrix/u })).toBeVisible();
  // A dialog over the page: no command is done behind it.
  await list.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await list.keyboard.press('s');
  await expect(page.getByRole('region', { name: 'Calculators' })).toHaveCount(0);
  await page.bringToFront();
  await page.keyboard.press('Escape');
  await list.close();

  // A chart of its own has a range of its own.
  const chart = await own('Open this chart in its own window');
  await expect(chart.getByRole('application')).toBeVisible();
  const range = (tab: Page) => tab.getByRole('radiogroup', { name: 'Time range' }).getByRole('radio', { checked: true });
  const shown = (await range(page).textContent()) ?? '';
  await chart.keyboard.press('[');
  await expect(range(chart)).not.toHaveText(shown);
  await expect(range(page)).toHaveText(shown);
  await chart.close();
});

/** What is opened in a window of its own, and the role of what stands there. */
const OWN_WINDOWS = [
  ['Watchlist', 'grid'],
  ['Matrix', 'table'],
  ['Alerts', 'region'],
  ['Threshold', 'region'],
  ['Calculators', 'region'],
  ['Query', 'region'],
  ['Import', 'region'],
  ['Journal', 'region'],
  ['Coverage', 'region'],
  ['Explorer', 'region'],
  ['Evidence', 'region'],
] as const;

test('each panel lives in another window, by that window’s own document and size', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  for (const [title, name] of OWN_WINDOWS) await test.step(title, () => inWindow(title, name));

  async function inWindow(title: string, name: (typeof OWN_WINDOWS)[number][1]): Promise<void> {
    await page.bringToFront();
    await terminal.grid.focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or command' }).fill(`${title} in its own window`);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
    const complaints: string[] = [];
    popup.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    popup.on('pageerror', (error) => complaints.push(error.message));
    const root = popup.locator(`[data-panel]`);
    await expect(root.getByRole(name).first()).toBeVisible();
    await popup.setViewportSize({ width: 480, height: 400 });
    expect((await root.boundingBox())?.width).toBe(480);
    if (title === 'Watchlist') {
      // By its own size: the age has no room there, and keeps its place on the page.
      await expect(popup.locator('[data-column="age"]').first()).toBeHidden();
      await expect(page.locator('[data-column="age"]').first()).toBeVisible();
      await popup.locator('[data-id="binance:BTCUSDT"]').click({ button: 'right' });
      await expect(popup.getByRole('menu')).toBeVisible();
      await popup.keyboard.press('Escape');
      await expect(popup.getByRole('menu')).toHaveCount(0);
    }
    if (title === 'Calculators') {
      // It ends with its window, not with the one on the page.
      await page.bringToFront();
      await terminal.grid.focus();
      await page.keyboard.press('s');
      const onPage = page.getByRole('region', { name: 'Calculators' });
      await expect(onPage).toBeVisible();
      await popup.bringToFront();
      const closed = popup.waitForEvent('close');
      await root.getByRole('button', { name: 'Close' }).first().click();
      await closed;
      await expect(onPage).toBeVisible();
    }
    expect(complaints).toEqual([]);
    if (!popup.isClosed()) await popup.close();
  }
});

test('two tabs show what each of them selects; a reload keeps it, and a new tab starts as the one used last', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.pick('binance:BTCUSDT');
  await expect(selected(page)).toHaveAttribute('data-id', 'binance:BTCUSDT');
  await pressed(page, '30D').click();
  const other = await page.context().newPage();
  await other.goto(new URL(page.url()).origin);
  await expect(selected(other)).toHaveAttribute('data-id', 'binance:BTCUSDT');
  await expect(pressed(other, '30D')).toHaveAttribute('aria-checked', 'true');
  await other.getByRole('tab', { name: 'AI tokens', exact: true }).click();
  const tao = other.locator('[data-id="binance:TAOUSDT"]');
  await tao.click();
  await pressed(other, '3D').click();
  await other.getByRole('grid').focus();
  await other.keyboard.press('m');
  await expect(other.getByRole('region', { name: /^Matrix/u })).toBeVisible();

  await page.bringToFront();
  await expect(selected(page)).toHaveAttribute('data-id', 'binance:BTCUSDT');
  await expect(page.getByRole('tab', { name: 'Majors', exact: true })).toHaveAttribute('aria-selected', 'true');
  await expect(pressed(page, '30D')).toHaveAttribute('aria-checked', 'true');

  await other.reload();
  await expect(selected(other)).toHaveAttribute('data-id', 'binance:TAOUSDT');
  await expect(pressed(other, '3D')).toHaveAttribute('aria-checked', 'true');
  await expect(other.getByRole('region', { name: /^Matrix/u })).toBeVisible();
  await other.close();
});

test('what a window showed last is kept, however late what it showed before comes in', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  const late = gate();
  let kept = 0;
  let sent = 0;
  let beats = 0;
  await page.route('**/bridge/call', async (route) => {
    const asked = route.request().postData() ?? '';
    if (asked.includes('app.info')) beats += 1;
    if (!asked.includes('workspace.keep')) return route.continue();
    if (++sent === 1) await late.opened;
    await route.fulfill({ response: await route.fetch() });
    kept += 1;
  });
  await pressed(page, '30D').click();
  await pressed(page, '3D').click();
  const before = beats;
  await expect.poll(() => beats).toBeGreaterThan(before + 1);
  late.open();
  await expect.poll(() => kept).toBe(2);
  await page.unrouteAll({ behavior: 'wait' });
  await page.reload();
  await expect(pressed(page, '3D')).toHaveAttribute('aria-checked', 'true');
});

test('a copy of a tab, which brings its name along, is a window of its own', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.pick('binance:BTCUSDT');
  await expect(selected(page)).toHaveAttribute('data-id', 'binance:BTCUSDT');
  const nameOf = (tab: Page) => tab.evaluate(() => sessionStorage.getItem('perpscope-tab'));
  const [copy] = await Promise.all([page.waitForEvent('popup'), page.evaluate(() => void window.open(location.origin))]);
  await expect(selected(copy)).toHaveCount(1);
  expect(await nameOf(copy)).not.toBe(await nameOf(page));
  await copy.locator('[data-id="binance:ETHUSDT"]').click();
  await expect(selected(copy)).toHaveAttribute('data-id', 'binance:ETHUSDT');
  const name = await nameOf(page);
  await page.reload();
  await expect(selected(page)).toHaveAttribute('data-id', 'binance:BTCUSDT');
  expect(await nameOf(page)).toBe(name);
  await copy.close();
});

test('columns of one list are none of another, also after a reload; they can be given to all', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.openList('Majors');
  await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
  const add = async (title: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(`Column: ${title}`);
    await page.getByRole('option', { name: `Column: ${title}`, exact: true }).click();
  };
  const head = (title: RegExp) => page.getByRole('columnheader', { name: title });
  await add('Premium');
  await expect(head(/^Premium/u)).toBeVisible();
  await terminal.openList('AI tokens');
  await expect(head(/^Premium/u)).toHaveCount(0);
  await add('Neutral rate');
  await expect(page.locator('[data-id="binance:TAOUSDT"] [data-column^="metric"]')).toHaveText(/\d/u);
  await page.reload();
  await expect(head(/^Neutral rate/u)).toBeVisible();
  await terminal.openList('Majors');
  await expect(head(/^Premium/u)).toBeVisible();
  await expect(head(/^Neutral rate/u)).toHaveCount(0);
  await terminal.grid.focus();
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Use them for all lists' }).click();
  await page.keyboard.press('Escape');
  await terminal.openList('AI tokens');
  await expect(head(/^Premium/u)).toBeVisible();
  await expect(head(/^Neutral rate/u)).toHaveCount(0);
});
