import { demoUrl, venueEnv } from '#test/support/demo-url.ts';
import { createClock } from '#node/clock.ts';
import { startDemoMarket } from '#node/demo/market.ts';
import { startRelay } from './relay.ts';
import { expect, test } from './terminal.ts';

const quiet = { write: () => undefined };

test('a venue that goes down says so and comes back; without any venue the history is still there', async ({ terminal }) => {
  // The demo market stands in for the live venues: same wire formats, real time, no demo mode.
  const market = await startDemoMarket({ clock: createClock({ speed: 1, startAt: Date.now() }), seed: 7, log: quiet });
  const relay = await startRelay(demoUrl(market, 'binance'));
  const env = venueEnv((id) => (id === 'binance' ? relay.url : demoUrl(market, id)));
  const { page } = terminal;
  const venue = (id: string) => page.locator(`[data-venue="${id}"]`);
  try {
    await terminal.start({ demoSpeed: null, env });
    await expect(venue('binance')).toHaveAttribute('data-state', 'healthy');
    await expect(page.locator('.demo')).toHaveCount(0);
    await terminal.pick('binance:BTCUSDT');
    await terminal.drawn();

    const askAgain = page.getByRole('button', { name: 'Retry now' });
    relay.down = true;
    await venue('binance').click();
    await askAgain.click();
    await expect(venue('binance')).not.toHaveAttribute('data-state', 'healthy');
    await expect(venue('binance')).toHaveAttribute('aria-label', /last good answer/u);
    await expect(venue('bybit')).toHaveAttribute('data-state', 'healthy');
    relay.down = false;
    await askAgain.click();
    await expect(venue('binance')).toHaveAttribute('data-state', 'healthy');
    await page.keyboard.press('Escape');
  } finally {
    await relay.close();
    await market.close();
  }

  // Nothing answers any more: the same addresses, closed. The list, the chart and the counts come from this computer.
  await terminal.stop();
  await terminal.start({ demoSpeed: null, env });
  await expect(terminal.row('binance:BTCUSDT')).toHaveAttribute('aria-selected', 'true');
  await terminal.drawn();
  await expect(page.locator('[data-test="fired"]')).toBeVisible();
  await expect(venue('binance')).not.toHaveAttribute('data-state', 'healthy');

  // The app itself stops: the page says so, and heals when it is there again.
  await terminal.stop();
  await expect(page.getByRole('alert').filter({ hasText: 'stopped answering' })).toBeVisible();
});

test('a first start without a network says that no venue can be reached', async ({ terminal }) => {
  const nowhere = 'http://127.0.0.1:9';
  const env = venueEnv(() => nowhere);
  await terminal.start({ demoSpeed: null, env });
  await expect(terminal.grid).toContainText('No venue can be reached');
  await expect(terminal.page.locator('[data-venue="bybit"]')).toHaveAttribute('aria-label', /cannot be reached/u);
});
