import { expect, test } from './terminal.ts';

test('a chart whose pixels were lost with the graphics process is drawn anew when its canvas is given back', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start({ demoSpeed: 1 });
  await terminal.pick('binance:BTCUSDT');
  await terminal.drawn();
  const before = await terminal.inked();
  expect(before).toBeGreaterThan(1000);
  // As after the loss: the bitmap is empty, the canvas is told that it has one again. No process is lost here: that is seen on real Electron.
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('[aria-label="Chart"] .canvas canvas')) {
      canvas.getContext('2d')?.reset();
      canvas.dispatchEvent(new Event('contextrestored'));
    }
  });
  await expect.poll(() => terminal.inked()).toBeGreaterThan(before / 2);
});

test('a chart whose code could not be had, for the connection was cut, says what to do, and stands after that', async ({ terminal }) => {
  const { page } = terminal;
  const canvas = page.locator('[aria-label="Chart"] .canvas');
  await page.route(/assets.echarts-/u, (route) => route.abort('connectionrefused'), { times: 1 });
  await terminal.start();
  terminal.expectsBrokenConnections = true;
  await expect(canvas).toContainText('Load this page again');
  await page.reload();
  await expect(canvas.locator('canvas')).toHaveCount(1);
  await expect(canvas).not.toContainText('Load this page again');
});
