import { chooseVenues } from '#test/support/demo-folder.ts';
import { demoUrl, venueEnv } from '#test/support/demo-url.ts';
import { createClock } from '#node/clock.ts';
import { demoVenues, startDemoMarket } from '#node/demo/market.ts';
import { startSocksProxy } from '#test/support/proxies.ts';
import { startRelay } from './relay.ts';
import { expect, test } from './terminal.ts';

const quiet = { write: () => undefined };

test('a venue is looked at, switched off and on, given another address and asked anew, all kept across a restart', async ({ terminal }) => {
  const market = await startDemoMarket({ clock: createClock({ speed: 1, startAt: Date.now() }), seed: 7, log: quiet });
  const mirror = await startRelay(demoUrl(market, 'bybit'));
  const env = venueEnv((id) => demoUrl(market, id), ['bybit']);
  const { page } = terminal;
  const bar = (id: string) => page.locator(`footer [data-venue="${id}"]`);
  const dialog = page.getByRole('dialog', { name: 'Venues' });
  const address = dialog.getByRole('textbox', { name: 'Address' });
  const interval = dialog.getByLabel('Poll interval');
  try {
    await terminal.start({ demoSpeed: null, env });
    await expect(bar('binance')).toHaveAttribute('data-state', 'healthy');

    // From the status bar: what is known, in words.
    await bar('binance').click();
    await expect(dialog.getByRole('tab', { selected: true })).toContainText('Binance');
    await expect(dialog.getByText('Healthy', { exact: false })).toBeVisible();
    for (const term of ['Last good answer', 'Latency', 'Clock offset', 'Instruments', 'Refused values', 'History']) {
      await expect(dialog.getByText(term, { exact: true })).toBeVisible();
    }
    // Given at the start: the setting cannot change it.
    await expect(address).toBeDisabled();
    await dialog.getByRole('switch').click();
    await expect(dialog.locator('[data-test="venue-state"]')).toContainText('Switched off');
    await dialog.getByRole('switch').click();
    await expect(bar('binance')).toHaveAttribute('data-state', 'healthy');

    // By keyboard past Binance's second market to the next exchange.
    for (let i = 0; i < 2; i += 1) await dialog.getByRole('tab', { selected: true }).press('ArrowDown');
    await expect(dialog.getByRole('tab', { selected: true })).toContainText('Bybit');
    for (const [text, why] of [
      ['not an address', 'must begin with http'],
      ['https://me:secret@mirror.example', 'no user name'],
    ] as const) {
      await address.fill(text);
      await address.press('Enter');
      await expect(dialog.getByText(why)).toBeVisible();
      await expect(address).toHaveValue(text);
    }
    await address.press('Escape');
    await expect(address).toHaveValue('');
    await expect(dialog).toBeVisible();
    await address.fill(mirror.url);
    await address.press('Enter');
    await expect(bar('bybit')).toHaveAttribute('data-state', 'healthy');
    await interval.fill('2');
    await interval.press('Enter');
    await expect(dialog.getByText('must be at least 5')).toBeVisible();
    await interval.fill('60');
    await interval.press('Enter');
    await expect(bar('bybit')).toHaveAttribute('aria-label', /polled every 60 s/u);

    // It fails, says so, and comes back when it is asked.
    mirror.down = true;
    await dialog.getByRole('button', { name: 'Retry now' }).click();
    await expect(dialog.getByText('cannot be reached')).toBeVisible();
    await expect(dialog.getByText(/^in \d\d:\d\d:\d\d$/u)).toBeVisible();
    mirror.down = false;
    await dialog.getByRole('button', { name: 'Retry now' }).click();
    await expect(bar('bybit')).toHaveAttribute('data-state', 'healthy');

    // It bans: asked again only by a person who knows the risk.
    mirror.bans = true;
    await dialog.getByRole('button', { name: 'Retry now' }).click();
    await expect(bar('bybit')).toHaveAttribute('data-state', 'limited');
    await expect(dialog.getByText('Bybit has banned this address for a while')).toBeVisible();
    await dialog.getByRole('button', { name: 'Retry now' }).click();
    await expect(dialog.getByText(/the next try is in 11 h\. Asking sooner can make it longer/u)).toBeVisible();
    mirror.bans = false;
    await dialog.getByRole('button', { name: 'Ask now anyway' }).click();
    await expect(bar('bybit')).toHaveAttribute('data-state', 'healthy');
    await expect(dialog.getByRole('button', { name: 'Ask now anyway' })).toHaveCount(0);

    await terminal.stop();
    await terminal.start({ demoSpeed: null, env });
    await expect(bar('bybit')).toHaveAttribute('data-state', 'healthy');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Venue: Bybit');
    await page.keyboard.press('Enter');
    await expect(address).toHaveValue(mirror.url);
    await expect(interval).toHaveValue('60');
    await dialog.getByRole('button', { name: "Back to the venue's own address" }).click();
    await expect(address).toHaveValue('');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  } finally {
    await mirror.close();
    await market.close();
  }
});

test('a proxy for all venues and one venue without: typed, refused, tested, and kept across a restart', async ({ terminal }) => {
  const market = await startDemoMarket({ clock: createClock({ speed: 1, startAt: Date.now() }), seed: 7, log: quiet });
  const proxy = await startSocksProxy();
  const env = venueEnv((id) => demoUrl(market, id), ['bybit']);
  const { page } = terminal;
  const dialog = page.getByRole('dialog', { name: 'Venues' });
  const forAll = dialog.getByRole('textbox', { name: 'Proxy of all venues' });
  const own = dialog.getByRole('textbox', { name: 'Proxy', exact: true });
  const seen = dialog.getByRole('status', { name: 'What the test saw' });
  const testIt = dialog.getByRole('button', { name: 'Test' });
  const lamp = page.locator('footer [data-venue="binance"]');
  try {
    await terminal.start({ demoSpeed: null, env });
    await lamp.click();
    await expect(own).toHaveAttribute('placeholder', 'as for all: system');

    for (const [text, why] of [
      ['127.0.0.1:1080', 'http://host:port, https://host:port or socks5://host:port'],
      ['socks4://127.0.0.1:1080', 'only SOCKS5 can be used'],
      ['http://me:hunter2@127.0.0.1:8080', 'The password is not kept'],
    ] as const) {
      await forAll.fill(text);
      await forAll.press('Enter');
      await expect(dialog.getByText(why)).toBeVisible();
    }
    await forAll.fill(proxy.url);
    await forAll.press('Enter');
    await expect(own).toHaveAttribute('placeholder', `as for all: ${proxy.url}`);
    await expect.poll(() => proxy.asked.length).toBeGreaterThan(0);
    await expect(lamp).toHaveAttribute('data-state', 'healthy');

    await testIt.focus();
    await testIt.press('Enter');
    await expect(seen).toContainText(/It works: \d+ instruments were read/u);
    await expect(seen).toContainText(proxy.url);
    await expect(seen).toContainText(/status 200 after \d+ ms/u);

    await proxy.close();
    await testIt.click();
    await expect(seen).toContainText(`nothing answers at the proxy ${proxy.url}`);

    await own.fill('off');
    await own.press('Enter');
    await testIt.click();
    await expect(seen).toContainText('no proxy');
    await expect(lamp).toHaveAttribute('data-state', 'healthy');

    await terminal.stop();
    await terminal.start({ demoSpeed: null, env });
    await lamp.click();
    await expect(forAll).toHaveValue(proxy.url);
    await expect(own).toHaveValue('off');
    await dialog.getByRole('button', { name: 'Back to the proxy of all venues' }).click();
    await expect(own).toHaveValue('');
  } finally {
    await proxy.close();
    await market.close();
  }
});

test.describe('every venue there is', () => {
  test.use({ history: 'none' });

  test('the matrix names each, and its assets stay in view while it is gone along', async ({ terminal }) => {
    const venues = demoVenues().map(({ id }) => id);
    expect(venues.length).toBeGreaterThan(20);
    chooseVenues(terminal.dataDir, venues);
    await terminal.start();
    const { page } = terminal;
    await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
    await terminal.grid.focus();
    await page.keyboard.press('m');
    const matrix = page.getByRole('region', { name: 'Matrix of assets and venues' });
    const scroller = matrix.getByRole('group', { name: 'Rates' });
    const across = (): Promise<number> => scroller.evaluate(({ scrollLeft }) => scrollLeft);
    // One after another they answer; those that hold none of what is listed have no column. Each is seen once on the way along.
    const seen = new Set<string>();
    const step = async (): Promise<number> => {
      const heads = matrix.locator('thead tr:first-child th');
      expect(
        await heads.evaluateAll((all) => all.filter((head) => head.scrollWidth > head.clientWidth).map((head) => head.textContent)),
      ).toEqual([]);
      for (const name of await heads.allTextContents()) seen.add(name);
      await scroller.evaluate((element) => {
        element.scrollLeft = element.scrollLeft + 200 > element.scrollWidth - element.clientWidth ? 0 : element.scrollLeft + 200;
      });
      return seen.size;
    };
    await expect.poll(step, { intervals: [50] }).toBeGreaterThan(22);

    // A part of a figure would be read as another one.
    const half = await scroller.evaluate((element) => {
      element.scrollLeft = 47;
      return element.scrollLeft;
    });
    expect(half).toBe(47);
    const seenCells = async (): Promise<readonly number[]> => {
      const view = await scroller.boundingBox();
      const side = await matrix.locator('tbody tr.line').first().locator('td.spread').boundingBox();
      const [from, to] = [(side?.x ?? 0) + (side?.width ?? 0), (view?.x ?? 0) + (view?.width ?? 0)];
      return matrix
        .locator('tbody tr.line')
        .first()
        .locator('td:not(.spread, .best)')
        .evaluateAll(
          (cells, [least, most]) =>
            cells
              .filter((cell) => getComputedStyle(cell).opacity !== '0' && cell.textContent.trim() !== '')
              .map((cell) => cell.getBoundingClientRect())
              .map(({ left, right }) => Math.max(0, least - left, right - most)),
          [from, to] as const,
        );
    };
    await expect.poll(async () => Math.max(...(await seenCells()))).toBeLessThan(2);
    expect((await seenCells()).length).toBeGreaterThan(2);

    const asset = matrix.getByRole('rowheader', { name: /^BTC/u });
    // What lies beside the view is not drawn: by keys it is gone to all the same, and has the focus.
    await matrix.locator('[data-cell="spread BTC"]').focus();
    await page.keyboard.press('End');
    const last = matrix.locator('button[data-cell]:focus');
    // Widths of shares of a pixel: a thousandth of it may lie outside.
    await expect(last).toBeInViewport({ ratio: 0.99 });
    await expect.poll(across).toBeGreaterThan(300);
    const drawn = await matrix.locator('tbody tr').nth(1).locator('button[data-cell]').count();
    expect(drawn).toBeLessThan(15);
    await expect(asset).toBeInViewport({ ratio: 1 });
    // What is gone along does not show through.
    const [behind, box] = [await asset.evaluate((cell) => getComputedStyle(cell).backgroundColor), await asset.boundingBox()];
    expect(behind).not.toMatch(/rgba\(.*, 0\)|transparent/u);
    expect(box?.x).toBeCloseTo((await matrix.boundingBox())?.x ?? NaN, 0);
  });
});
