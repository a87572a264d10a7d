import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { venueEnv } from '#test/support/demo-url.ts';
import { begunFolder, cleanUp, type Desktop, shells, standIn, temporaryFolder } from './driver.ts';

afterAll(cleanUp);

/** No venue of the live app can be reached: nothing listens on this port. */
const offline = venueEnv(() => 'http://127.0.0.1:9');
const settingsOf = (folder: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, 'demo/settings.json'), 'utf8')) as Record<string, unknown>;
/** What is kept of the window beside the settings. */
function boundsIn(folder: string): unknown {
  const { windows } = JSON.parse(readFileSync(join(folder, 'demo/workspaces.json'), 'utf8')) as {
    windows: { id: string; bounds?: unknown }[];
  };
  return windows.find(({ id }) => id === 'main')?.bounds;
}

describe.each(shells.map((shell) => [shell.name, shell] as const))('the app on %s', (_name, shell) => {
  if (shell.missing !== null) {
    test.skip(`skipped: ${shell.missing}`, () => undefined);
    return;
  }

  test('shows the demo market at its first start, and nothing of it comes over a network', async () => {
    const desktop = await shell.start({ dataDir: temporaryFolder() });
    const page = await desktop.page();
    await page.getByRole('row').filter({ hasText: 'BTC' }).first().waitFor();
    await page.getByText('DEMO', { exact: true }).first().waitFor();
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded.filter((url) => !url.startsWith(desktop.url('app://bundle/')))).toEqual([]);
    expect(await desktop.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()))).toEqual([true]);
    expect(await desktop.quit()).toEqual({ code: 0, signal: null });
  });

  describe('in one app', () => {
    let desktop: Desktop;
    beforeAll(async () => {
      desktop = await shell.start();
    });

    test('a question in SQL is answered by a process of its own; an endless one is stopped', async () => {
      const page = await desktop.page();
      await page.getByRole('row').filter({ hasText: 'BTC' }).first().waitFor();
      const ask = (name: string, sql?: string) =>
        page.evaluate(
          async ([call, text]) => {
            const { perpscope } = window as unknown as { perpscope: { invoke(name: string, input: unknown): Promise<unknown> } };
            return perpscope.invoke(call, text === undefined ? { job: 'own' } : { job: 'own', sql: text });
          },
          [name, sql] as const,
        );
      expect(await ask('query.run', 'SELECT count(*) > 0 AS some FROM contracts')).toMatchObject({ ok: true, value: { rows: [[1]] } });
      const endless = ask('query.run', 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n');
      await ask('query.stop');
      expect(await endless).toMatchObject({ ok: false, error: { message: 'Stopped.' } });
    });

    test('a page that dies is loaded again three times, then says so and the rest goes on', async () => {
      const crash = (): Promise<void> =>
        desktop.inMain(({ webContents }) => {
          const contents = webContents.getAllWebContents()[0];
          // Only a load after the death counts: the page before may still be telling of its own.
          const loaded = new Promise<void>((done) =>
            contents?.once('render-process-gone', () => contents.once('did-finish-load', () => done())),
          );
          contents?.forcefullyCrashRenderer();
          return loaded;
        });
      const url = (): Promise<string | undefined> => desktop.inMain(({ webContents }) => webContents.getAllWebContents()[0]?.getURL());
      for (let n = 0; n < 3; n += 1) {
        await crash();
        await expect.poll(url).toBe('app://bundle/');
      }
      await crash();
      await expect.poll(url).toBe('app://bundle/stopped.html');
      await desktop.inMain(({ Menu }) => {
        const view = Menu.getApplicationMenu()?.items.find((item) => item.label === 'View');
        view?.submenu?.items.find((item) => item.label === 'Reload')?.click();
      });
      await (await desktop.page()).getByRole('row').filter({ hasText: 'BTC' }).first().waitFor();
      expect(await desktop.quit()).toEqual({ code: 0, signal: null });
    });
  });

  // Nothing reads back what a real tray says.
  test.skipIf(shell !== standIn)('the tray and the dock say how many signals are active, and a click brings the window back', async () => {
    const desktop = await shell.start({ dataDir: begunFolder() });
    const page = await desktop.page();
    await page.getByRole('row').filter({ hasText: 'BTC' }).first().waitFor();
    const said = () =>
      desktop.inMain((electron) => {
        const { Tray, app } = electron as unknown as { Tray: { shown: { tip: string }[] }; app: { asked: { badge: number } } };
        return [Tray.shown.length, Tray.shown[0]?.tip, app.asked.badge];
      });
    const tell = (count: number) =>
      page.evaluate(
        async (active) =>
          (window as unknown as { perpscope: { invoke(name: string, input: unknown): Promise<unknown> } }).perpscope.invoke('view.active', {
            count: active,
          }),
        count,
      );
    // The page counts too, at each change.
    const after = (count: number) => expect.poll(async () => [await tell(count), await said()]);
    await after(7).toMatchObject([{ ok: true }, [1, 'Perpscope: 7 active signals', 7]]);
    await after(1).toMatchObject([{ ok: true }, [1, 'Perpscope: 1 active signal', 1]]);
    expect(await tell(-1)).toMatchObject({ ok: false });
    const shown = await desktop.inMain((electron) => {
      const window = electron.BrowserWindow.getAllWindows()[0];
      window?.minimize();
      (electron as unknown as { Tray: { shown: { emit(name: string): void }[] } }).Tray.shown[0]?.emit('click');
      return window?.isMinimized();
    });
    expect(shown).toBe(false);
    expect((await desktop.quit()).code).toBe(0);
  });

  // Real dialogs wait for a person.
  test.skipIf(shell !== standIn)('a dialog asks where a file is to go, and which backup is restored at the next start', async () => {
    const dataDir = temporaryFolder();
    const out = join(temporaryFolder(), 'mine.json');
    const desktop = await shell.start({ dataDir });
    const page = await desktop.page();
    await page.getByRole('row').filter({ hasText: 'BTC' }).first().waitFor();
    const call = (name: string, input: unknown = {}) =>
      page.evaluate(
        async ([called, given]) => {
          const { perpscope } = window as unknown as { perpscope: { invoke(name: string, input: unknown): Promise<unknown> } };
          return perpscope.invoke(called, given);
        },
        [name, input] as const,
      );
    const answer = (paths: string[]) =>
      desktop.inMain(({ dialog }, given) => void (dialog as unknown as { paths: string[] }).paths.push(...given), paths);
    const columns = [{ type: 'number', name: 'n', unit: '', origin: 'derived', values: [1, 2] }];
    const table = { name: 'mine', columns, format: 'jsonl' };
    expect(await call('out.table', table)).toMatchObject({ ok: true, value: { kind: 'cancelled' } });
    await answer([out]);
    expect(await call('out.table', table)).toMatchObject({ ok: true, value: { kind: 'saved', path: out } });
    expect(readFileSync(out, 'utf8')).toContain('2');

    await call('storage.save');
    const [backup] = readdirSync(join(dataDir, 'demo/backups'));
    const chosen = join(temporaryFolder(), 'elsewhere.perpscope');
    copyFileSync(join(dataDir, 'demo/backups', backup ?? ''), chosen);
    expect(await call('storage.choose')).toMatchObject({ ok: true, value: { kind: 'cancelled' } });
    await answer([out, chosen]);
    expect(await call('storage.choose')).toMatchObject({ ok: false });
    expect(await call('storage.choose')).toMatchObject({ ok: true, value: { kind: 'chosen', list: { wanted: 'elsewhere.perpscope' } } });
    expect((await desktop.quit()).code).toBe(0);
    const again = await shell.start({ dataDir });
    await (await again.page()).getByRole('row').filter({ hasText: 'BTC' }).first().waitFor();
    expect(readdirSync(join(dataDir, 'demo/backups')).some((name) => name.startsWith('before-restore-'))).toBe(true);
    expect((await again.quit()).code).toBe(0);
  });

  test('comes back where it was left, maximized as it was; ends, flushed, when its window is closed', async () => {
    const dataDir = begunFolder();
    const bounds = { x: 220, y: 130, width: 1100, height: 700 };
    const first = await shell.start({ dataDir });
    await first.inMain(({ BrowserWindow }, wanted) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(wanted);
      BrowserWindow.getAllWindows()[0]?.maximize();
    }, bounds);
    expect((await first.quit()).code).toBe(0);
    expect(boundsIn(dataDir)).toEqual({ ...bounds, maximized: true });

    const second = await shell.start({ dataDir });
    const back = await second.inMain(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0];
      return [window?.getNormalBounds(), window?.isMaximized()];
    });
    expect(back).toEqual([bounds, true]);
    await second.inMain(({ BrowserWindow }) => {
      setImmediate(() => BrowserWindow.getAllWindows()[0]?.close());
    });
    expect((await second.exited).code).toBe(0);
    // The history's write-ahead log is folded in and gone: the store was closed, not cut off.
    expect(readdirSync(join(dataDir, 'demo')).filter((name) => name.endsWith('-wal'))).toEqual([]);
    expect(existsSync(join(dataDir, 'demo/demo.sqlite'))).toBe(true);
  });

  test('comes back onto a screen that is there; ends when the launcher that holds its channel is gone', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'demo'));
    const window = { x: -5000, y: -4000, width: 1100, height: 700, maximized: false };
    writeFileSync(join(dataDir, 'demo/settings.json'), JSON.stringify({ window }));
    const desktop = await shell.start({ dataDir });
    const [placed, area] = await desktop.inMain(({ BrowserWindow, screen }) => [
      BrowserWindow.getAllWindows()[0]?.getBounds(),
      screen.getPrimaryDisplay().workArea,
    ]);
    expect(placed).toMatchObject({ width: 1100, height: 700 });
    expect(placed?.x).toBeGreaterThanOrEqual(area.x);
    expect(placed?.y).toBeGreaterThanOrEqual(area.y);
    // Playwright starts Electron without a channel; the launcher gives it one.
    if (desktop.process.connected) desktop.process.disconnect();
    else await desktop.quit();
    expect(await desktop.exited).toEqual({ code: 0, signal: null });
  });

  test('a second start on the same folder brings the first window to the front and ends; the first keeps on SIGTERM what was changed a moment before', async () => {
    const dataDir = begunFolder();
    const first = await shell.start({ dataDir });
    await first.inMain(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0];
      window?.minimize();
      Reflect.set(globalThis, 'restored', new Promise<void>((done) => window?.once('restore', () => done())));
    });
    const second = await shell.start({ dataDir, untilReady: false });
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expect(second.output()).toContain('already running');
    await first.inMain(() => Reflect.get(globalThis, 'restored') as Promise<void>);
    expect(await first.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized()))).toEqual([false]);
    const page = await first.page();
    await page.evaluate(async () => {
      const { perpscope } = window as unknown as { perpscope: { invoke(name: string, input: unknown): Promise<unknown> } };
      await perpscope.invoke('settings.change', { unit: 'day' });
    });
    first.process.kill('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });
    expect(settingsOf(dataDir)['unit']).toBe('day');
  });

  test('the file of a setup that the system hands over is looked at first: at the start, to the running app, and on a Mac', async () => {
    const dataDir = begunFolder();
    const made = (name: string): string => {
      const path = join(dataDir, `${name}.perpsetup`);
      const lists = { version: 2, value: [{ id: name, name, assets: [], seeded: [], items: ['binance:BTCUSDT'] }] };
      writeFileSync(path, JSON.stringify({ perpscope: 'setup', blocks: { lists } }));
      return path;
    };
    const args = ['--demo', '--demo-speed', '1'];
    const first = await shell.start({ dataDir, args: [...args, made('first')] });
    const page = await first.page();
    const dialog = page.getByRole('dialog', { name: 'Setup file' });
    await dialog.getByRole('heading', { name: 'first.perpsetup' }).waitFor();
    await dialog.getByRole('checkbox', { name: /Watchlists/u }).waitFor();
    const second = await shell.start({ dataDir, args: [...args, made('second')], untilReady: false });
    expect(await second.exited).toEqual({ code: 0, signal: null });
    await dialog.getByRole('heading', { name: 'second.perpsetup' }).waitFor();
    const third = made('third');
    await first.inMain(({ app }, path) => void app.emit('open-file', { preventDefault: () => undefined }, path), third);
    await dialog.getByRole('heading', { name: 'third.perpsetup' }).waitFor();
    // Nothing is taken of them before the person says so.
    expect(await page.getByRole('tab', { name: /^(?:first|second|third)$/u }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Apply these' }).click();
    await page.getByRole('tab', { name: 'third' }).waitFor({ state: 'attached' });
    expect(await page.getByRole('tab', { name: /^(?:first|second)$/u }).count()).toBe(0);
    await first.quit();
  });

  test('demo and live run side by side in one data folder, and touch no other', async () => {
    const dataDir = begunFolder();
    const home = temporaryFolder();
    const live = await shell.start({ dataDir, args: [], env: { ...offline, XDG_CONFIG_HOME: home } });
    const demo = await shell.start({ dataDir, env: { XDG_CONFIG_HOME: home } });
    const folder = (desktop: typeof live): Promise<string> => desktop.inMain(({ app }) => app.getPath('userData'));
    expect(await folder(live)).toBe(dataDir);
    expect(await folder(demo)).toBe(join(dataDir, 'demo'));
    await Promise.all([live.quit(), demo.quit()]);
    expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(['history.sqlite', 'settings.json', 'demo']));
    expect(readdirSync(join(dataDir, 'demo'))).toEqual(expect.arrayContaining(['demo.sqlite', 'settings.json']));
    expect(readdirSync(home).filter((name) => /perpscope/iu.test(name))).toEqual([]);
  });
});

describe('what only the stand-in can play', () => {
  test('a page that hangs is offered to be loaded again', async () => {
    const desktop = await standIn.start();
    const loaded = await desktop.inMain(async ({ BrowserWindow, dialog }) => {
      (dialog as unknown as { answers: number[] }).answers.push(1);
      const window = BrowserWindow.getAllWindows()[0];
      const again = new Promise<void>((done) => window?.webContents.once('did-finish-load', () => done()));
      window?.emit('unresponsive');
      await again;
      return window?.webContents.getURL();
    });
    expect(loaded).toBe('app://bundle/');
    desktop.process.kill('SIGINT');
    expect(await desktop.exited).toEqual({ code: 0, signal: null });
  });

  test.each(['--remote-debugging-port=0', '--no-sandbox'])('a packaged app refuses %s', async (flag) => {
    const desktop = await standIn.start({ args: ['--demo', flag], env: { STAND_IN_PACKAGED: '1' }, untilReady: false });
    expect((await desktop.exited).code).toBe(1);
    expect(desktop.output()).toContain(`${flag.split('=')[0]} is not allowed`);
  });

  test('a packaged app has no developer tools, and its sessions load nothing but its own files', async () => {
    const desktop = await standIn.start({ env: { STAND_IN_PACKAGED: '1' } });
    const [page, menu] = await desktop.inMain(({ BrowserWindow, Menu }) => [
      (
        BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): { devTools: boolean } } | undefined
      )?.getLastWebPreferences(),
      JSON.stringify(Menu.getApplicationMenu()?.items),
    ]);
    expect(page).toMatchObject({ devTools: false });
    expect(menu).not.toContain('toggleDevTools');
    // The policy of the page stops these before: here the guard behind it is asked, also of the session that no window uses.
    const canceled = await desktop.inMain(({ BrowserWindow, session }) => {
      const own = BrowserWindow.getAllWindows()[0]?.webContents.session;
      return [own, session.defaultSession].map((guarded) => {
        const asked = guarded as unknown as { cancels(url: string, type: string, method: string): boolean };
        const urls = [
          'app://bundle/index.html',
          'https://example.com/',
          'ws://example.com/',
          'file:///etc/passwd',
          'devtools://devtools/x',
        ];
        return urls.filter((url) => asked.cancels(url, 'xhr', 'GET'));
      });
    });
    const refused = ['https://example.com/', 'ws://example.com/', 'file:///etc/passwd', 'devtools://devtools/x'];
    expect(canceled).toEqual([refused, refused]);
    await desktop.quit();
  });
});
