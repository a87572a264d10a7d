import type { Page } from '@playwright/test';
import { stringify } from 'devalue';
import { HEARTBEAT_MS, PAGE_KEY_HEADER, WIRE_TYPE } from '#bridge/wire.ts';
import { expect, test } from './terminal.ts';

/** The theme on a tab's screen: changed by one, it reaches the others as an event. */
const theme = (page: Page) => page.locator('html');
const choose = async (tab: Page, text: string): Promise<void> => {
  await tab.keyboard.press('Control+k');
  await tab.getByRole('combobox').fill(text);
  await tab.keyboard.press('Enter');
};

test('more tabs than a browser has connections all live, and go on when the one that holds the stream closes', async ({ terminal }) => {
  // Seven screens live at once: on a busy machine that is slow, and no fault.
  test.slow();
  const { page } = terminal;
  // In the market's own time: at sixty times that two cores have enough to do with the screens.
  await terminal.start();
  await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
  const others: Page[] = [];
  for (let n = 0; n < 6; n += 1) {
    const tab = await page.context().newPage();
    await tab.goto(new URL(page.url()).origin);
    await expect(tab.getByRole('grid').locator('[data-id]').first()).toBeVisible();
    others.push(tab);
  }
  // The one in front: opened last.
  await choose(others[5] as Page, 'Theme: Light');
  for (const tab of [page, ...others]) await expect(theme(tab)).toHaveAttribute('data-theme', 'light');
  await page.goto('about:blank');
  await others[0]?.bringToFront();
  await choose(others[0] as Page, 'Theme: Dark');
  for (const tab of others) await expect(theme(tab)).toHaveAttribute('data-theme', 'dark');
  for (const tab of others) await tab.close();
});

test('when the tab that holds the stream hangs, another takes over; the hung one waits in its turn when it wakes', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
  const other = await page.context().newPage();
  // Its looks for a sign of life are taken by hand: the clock of Playwright is one for all tabs, and would wait for the one that stands still.
  await other.addInitScript((every) => {
    const looks: (() => void)[] = [];
    const set = window.setInterval.bind(window);
    Reflect.set(window, 'looks', looks);
    Reflect.set(window, 'setInterval', (run: () => void, after: number) => (after === every ? looks.push(run) : set(run, after)));
  }, HEARTBEAT_MS);
  await other.goto(new URL(page.url()).origin);
  await expect(other.getByRole('grid').locator('[data-id]').first()).toBeVisible();
  // As a browser freezes a tab: nothing in it runs any more, its timers neither.
  const debug = await page.context().newCDPSession(page);
  const state = (of: 'frozen' | 'active') => debug.send('Page.setWebLifecycleState', { state: of });
  await state('frozen');
  /** As another window of the terminal would ask it. */
  const key = await other.evaluate(() => localStorage.getItem('perpscope-key') ?? '');
  const change = async (input: object): Promise<void> => {
    const answer = await page.context().request.post(new URL('/bridge/call', other.url()).href, {
      headers: { 'content-type': WIRE_TYPE, [PAGE_KEY_HEADER]: key },
      data: stringify({ name: 'settings.change', input }),
    });
    expect(answer.status()).toBe(200);
  };
  try {
    let opened = false;
    other.on('request', (request) => (opened ||= request.url().endsWith('/bridge/events')));
    // What the other said just before it froze may come late, and is a sign of life: so many looks as it takes.
    await expect
      .poll(async () => {
        await other.evaluate(() => {
          for (const look of Reflect.get(window, 'looks') as (() => void)[]) look();
        });
        return opened;
      })
      .toBe(true);
    await change({ theme: 'light' });
    await expect(theme(other)).toHaveAttribute('data-theme', 'light');
  } finally {
    await state('active');
  }
  await expect(theme(page)).toHaveAttribute('data-theme', 'light');
  await change({ theme: 'dark' });
  for (const tab of [page, other]) await expect(theme(tab)).toHaveAttribute('data-theme', 'dark');
});
