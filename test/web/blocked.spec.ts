import { createClock } from '#node/clock.ts';
import { startDemoMarket } from '#node/demo/market.ts';
import { demoUrl, venueEnv } from '#test/support/demo-url.ts';
import { startRelay } from './relay.ts';
import { expect, test } from './terminal.ts';

test('where a venue refuses this connection from the first start on, its instruments are added by their files, one after another', async ({
  terminal,
}) => {
  const clock = createClock({ speed: 1, startAt: null });
  const market = await startDemoMarket({ clock, seed: 7, log: { write: () => undefined } });
  const relay = await startRelay(demoUrl(market, 'binance'));
  relay.blocks = '/fapi/';
  const { page } = terminal;
  const dialog = page.getByRole('dialog', { name: 'Add an instrument' });
  const field = dialog.getByRole('combobox');
  try {
    await terminal.start({ demoSpeed: null, env: venueEnv((id) => (id === 'binance' ? relay.url : demoUrl(market, id))) });
    await expect(page.locator('footer [data-venue="binance"]')).toHaveAttribute('data-state', 'blocked');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Add an instrument');
    await page.keyboard.press('Enter');

    await field.fill('NOSUCHUSDT');
    await expect(dialog.getByText('Binance USD-M refuses this connection')).toBeVisible();
    await field.press('Enter');
    await expect(dialog.getByText(/"NOSUCHUSDT" is not known here/u)).toBeVisible();
    // Others list the like of it: their rows are above, and the button stands below.
    await field.fill('arbusdt ');
    const look = dialog.getByRole('button', { name: 'Look for ARBUSDT in the files of Binance USD-M' });
    await expect(dialog.getByRole('option').first()).toContainText('Bybit');
    await look.focus();
    await look.press('Enter');
    await expect(dialog.getByRole('option', { name: /ARB\/USDT\s*Binance USD-M/u })).toHaveAttribute('aria-disabled', 'true');
    await expect(look).toHaveCount(0);
    await field.fill('OPUSDT');
    await dialog.getByRole('button', { name: 'Look for OPUSDT in the files of Binance USD-M' }).click();
    await expect(dialog.getByRole('option', { name: /OP\/USDT\s*Binance USD-M/u })).toHaveAttribute('aria-disabled', 'true');
  } finally {
    await relay.close();
    await market.close();
  }
});
