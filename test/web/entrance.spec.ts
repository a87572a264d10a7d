import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from './terminal.ts';

test.use({ app: 'shared' });

test('an address lets in one browser, once, also from the file that the launcher opens; the address bar forgets it', async ({
  terminal,
  browser,
}) => {
  await terminal.start();
  const address = await terminal.newAddress();
  const file = join(terminal.dataDir, 'open.html');
  writeFileSync(file, `<meta http-equiv="refresh" content="0;url=${address}">`);
  const person = await browser.newContext();
  const stranger = await browser.newContext();
  try {
    const page = await person.newPage();
    await page.goto(pathToFileURL(file).href);
    await expect(page.getByRole('grid').locator('[data-id]').first()).toBeVisible();
    expect(page.url()).toBe(`${new URL(address).origin}/`);
    expect(await page.evaluate(() => document.cookie)).toBe('');

    const late = await stranger.newPage();
    await late.goto(address);
    await expect(late.getByText('this browser has not been let in yet')).toBeVisible();
    expect(await stranger.cookies()).toEqual([]);
  } finally {
    await Promise.all([person.close(), stranger.close()]);
  }
});

test('a page on another port of this machine gets nothing, with the cookie that the browser sends along', async ({ terminal }) => {
  await terminal.start();
  await expect(terminal.row('binance:BTCUSDT')).toBeVisible();
  const { origin } = new URL(terminal.page.url());
  let brought = '';
  // With an icon of its own: the browser would ask for one at any time, and that is none of the answers counted here.
  const neighbour = createServer((request, response) => {
    brought = request.headers.cookie ?? '';
    response.writeHead(200, { 'content-type': 'text/html' }).end('<link rel="icon" href="data:,"><p>neighbour</p>');
  }).listen(0, '127.0.0.1');
  await once(neighbour, 'listening');
  const page = await terminal.page.context().newPage();
  try {
    await page.goto(`http://127.0.0.1:${(neighbour.address() as AddressInfo).port}/`);
    // That is why the cookie alone must be worth nothing.
    expect(brought).toContain('perpscope_');
    // What the browser keeps from the page its debugger still tells.
    const statuses: number[] = [];
    const debug = await page.context().newCDPSession(page);
    debug.on('Network.responseReceivedExtraInfo', ({ statusCode }) => statuses.push(statusCode));
    await debug.send('Network.enable');
    const asked = ['/bridge/events', '/bridge/events', '/bridge/call', '/', '/favicon.ico'];
    await page.evaluate(
      ([origin, ...paths]) =>
        Promise.allSettled(
          paths.map((path, n) =>
            fetch(`${origin}${path}`, {
              mode: 'no-cors',
              credentials: 'include',
              method: ['HEAD', 'GET', 'POST', 'GET', 'GET'][n] ?? 'GET',
            }),
          ),
        ),
      [origin, ...asked],
    );
    await expect.poll(() => statuses.length).toBe(asked.length);
    expect(statuses).toEqual(asked.map(() => 403));
  } finally {
    await page.close();
    neighbour.close();
    neighbour.closeAllConnections();
  }
});
