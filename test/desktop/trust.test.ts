import type { Envelope } from '#bridge/contract.ts';
import { callChannel } from '#bridge/names.ts';
import type { IpcMain, WebContents } from 'electron';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanUp, type Desktop, shells } from './driver.ts';

afterAll(cleanUp);

/** As much of the page's window as the probes touch. */
interface Terminal {
  readonly perpscope?: { invoke(name: string, input: unknown): Promise<Envelope<unknown>>; subscribe: unknown };
}

describe.each(shells.map((shell) => [shell.name, shell] as const))('the page on %s', (_name, shell) => {
  if (shell.missing !== null) {
    test.skip(`skipped: ${shell.missing}`, () => undefined);
    return;
  }
  let desktop: Desktop;
  let page: Page;
  beforeAll(async () => {
    desktop = await shell.start();
    page = await desktop.page();
    await page.getByRole('row').nth(1).waitFor();
    await desktop.inMain(({ webContents }) => {
      const kept: string[] = [];
      Reflect.set(globalThis, 'prevented', kept);
      webContents.getAllWebContents()[0]?.on('will-navigate', (event) => {
        if (event.defaultPrevented) kept.push(event.url);
      });
    });
  });
  /** As the menu does: a reload by the page itself would be a navigation, which is denied. */
  const reload = (): Promise<void> =>
    desktop.inMain(({ webContents }) => {
      const contents = webContents.getAllWebContents()[0];
      const loaded = new Promise<void>((done) => contents?.once('did-finish-load', () => done()));
      contents?.reload();
      return loaded;
    });
  const windows = (): Promise<number> => desktop.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

  test('runs with the preferences that isolate it', async () => {
    const preferences = await desktop.inMain(({ webContents }) =>
      webContents.getAllWebContents().map((contents): Record<string, unknown> => {
        // Not in the types, but the one place that tells what a page really got.
        const known = contents as WebContents & { getLastWebPreferences(): Record<string, unknown> };
        const { preload, ...rest } = known.getLastWebPreferences();
        return { ...rest, preload: String(preload) };
      }),
    );
    expect(preferences).toHaveLength(1);
    expect(preferences[0]).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      disableBlinkFeatures: 'Auxclick',
    });
    expect(preferences[0]?.['preload']).toMatch(/out[/\\]preload[/\\]index\.cjs$/u);
    // Electron itself fills in its defaults for some of these.
    expect(preferences[0]).not.toMatchObject({ webSecurity: false });
    expect(preferences[0]).not.toMatchObject({ allowRunningInsecureContent: true });
    expect(preferences[0]).not.toMatchObject({ experimentalFeatures: true });
    expect(preferences[0]?.['enableBlinkFeatures'] ?? '').toBe('');
  });

  test('has no Node, and of the preload two functions that cannot be replaced', async () => {
    const seen = await page.evaluate(() => {
      const { perpscope } = window as unknown as { perpscope: Record<string, unknown> };
      const before = perpscope['invoke'];
      Reflect.set(perpscope, 'invoke', () => null);
      Reflect.set(window, 'perpscope', null);
      return {
        node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
        api: Object.entries(perpscope).map(([name, value]) => [name, typeof value]),
        same: (window as unknown as { perpscope: Record<string, unknown> }).perpscope['invoke'] === before,
      };
    });
    expect(seen).toEqual({
      node: [],
      api: [
        ['invoke', 'function'],
        ['subscribe', 'function'],
      ],
      same: true,
    });
  });

  test('asks over the bridge, for listed names only', async () => {
    const answer = await page.evaluate(() => (window as Terminal).perpscope?.invoke('app.info', {}));
    expect(answer).toMatchObject({ ok: true, value: { shell: 'desktop', demo: { speed: 1 } } });
    const [bad, call, event] = await page.evaluate(async () => {
      const { perpscope } = window as unknown as {
        perpscope: { invoke(n: string, i: unknown): Promise<unknown>; subscribe(n: string, l: () => void): unknown };
      };
      const message = (error: unknown): string => (error instanceof Error ? error.message : 'no error');
      return [
        await perpscope.invoke('app.info', { extra: 1 }),
        await perpscope.invoke('toString', {}).then(() => 'answered', message),
        await Promise.resolve()
          .then(() => perpscope.subscribe('bridge:event', () => undefined))
          .then(() => 'subscribed', message),
      ];
    });
    expect(bad).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(call).toContain('Unknown call');
    expect(event).toContain('Unknown event');
  });

  test('gets events as payload alone, with the columns as columns', async () => {
    const seen = await page.evaluate(
      () =>
        new Promise<{ count: number; unit: string }>((done) => {
          const { perpscope } = window as unknown as {
            perpscope: { invoke(n: string, i: unknown): Promise<unknown>; subscribe(n: string, l: (...a: unknown[]) => void): () => void };
          };
          const stop = perpscope.subscribe('settings.change', (...args) => {
            stop();
            done({ count: args.length, unit: (args[0] as { unit: string }).unit });
          });
          void perpscope.invoke('settings.change', { unit: 'apr' });
        }),
    );
    expect(seen).toEqual({ count: 1, unit: 'apr' });
    const columns = await page.evaluate(async () => {
      const rows = await (window as Terminal).perpscope?.invoke('watchlist.rows', {});
      return rows?.ok === true ? (rows.value as { spark: unknown }[]).map((row) => row.spark instanceof Float64Array) : [];
    });
    expect(columns.length).toBeGreaterThan(0);
    expect(columns).not.toContain(false);
  });

  test('is served with the policy, and breaks it nowhere', async () => {
    const [response] = await Promise.all([page.waitForResponse((answer) => answer.url() === page.url()), reload()]);
    const policy = response.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).not.toContain('unsafe');
    // A script of the page itself is probed: what a debugger evaluates is free of the policy.
    const blocked = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
      const inline = document.createElement('script');
      inline.textContent = 'window.broken = true';
      document.body.append(inline);
      await fetch('/index.html').catch(() => undefined);
      await fetch('https://example.com/').catch(() => undefined);
      const image = document.createElement('img');
      const failed = new Promise((done) => image.addEventListener('error', done));
      image.src = 'https://example.com/x.png';
      await failed;
      const frame = document.createElement('iframe');
      frame.src = 'https://example.com/';
      document.body.append(frame);
      const evaluated = await new Promise((done) => {
        setTimeout(() => {
          try {
            done(eval('1') === 1);
          } catch (error) {
            done(String(error));
          }
        });
      });
      frame.remove();
      return { violations: violations.sort(), broken: 'broken' in window, evaluated: String(evaluated) };
    });
    expect(blocked.broken).toBe(false);
    expect(blocked.evaluated).toContain('EvalError');
    expect(blocked.violations).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src', 'img-src']));
  });

  test('raises no policy violation by itself', async () => {
    await page.addInitScript(() => {
      const kept: string[] = [];
      Object.defineProperty(window, 'violations', { value: kept });
      document.addEventListener('securitypolicyviolation', (event) => kept.push(`${event.effectiveDirective} ${event.blockedURI}`));
    });
    await reload();
    await page.getByRole('row').nth(1).waitFor();
    expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
  });

  const web = [
    'https://example.com/',
    'http://127.0.0.1:9/',
    'app://bundle.evil/',
    'app://evil@bundle/index.html',
    'app://bundle/popout.html',
    'app://bundle/index.html',
  ];
  /** Chromium itself stops these before anybody is asked. */
  const never = ['file:///etc/passwd', 'javascript:document.title="broken"', 'data:text/html,broken'];
  const elsewhere = [...web, ...never];
  test.each(elsewhere)('stays where it is when it is sent to %s', async (target) => {
    const before = page.url();
    const mark = `mark ${target}`;
    await page.evaluate((text) => Reflect.set(window, 'mark', text), mark);
    await page.evaluate((url) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = url;
      document.body.append(form);
      form.submit();
      form.remove();
      const link = document.createElement('a');
      link.href = url;
      document.body.append(link);
      link.click();
      link.remove();
      location.href = url;
    }, desktop.url(target));
    const prevented = (): Promise<unknown> => desktop.inMain(() => Reflect.get(globalThis, 'prevented') as string[]);
    if (web.includes(target)) await expect.poll(prevented).toContain(target);
    await desktop.settle();
    expect(page.url()).toBe(before);
    expect(await page.evaluate(() => Reflect.get(window, 'mark') as unknown)).toBe(mark);
  });

  test('opens no window but the pop-out, and of that eight', async () => {
    const refused = [
      ...elsewhere,
      'about:blank',
      'app://bundle/',
      'app://bundle/popout.html?x',
      'app://bundle/popout.html#x',
      'app://bundle/assets/',
      '',
    ];
    await page.evaluate(
      (urls) => {
        for (const url of urls.filter((candidate) => !candidate.endsWith('popout.html'))) {
          window.open(url);
          window.open(url, 'named', 'width=300,nodeIntegration=yes,contextIsolation=no');
          const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' });
          document.body.append(link);
          link.click();
          link.remove();
        }
      },
      refused.map((url) => desktop.url(url)),
    );
    await desktop.settle();
    expect(await windows()).toBe(1);

    await page.evaluate((url) => {
      for (let n = 0; n < 9; n += 1) window.open(url, '', 'nodeIntegration=yes,contextIsolation=no,sandbox=no,webviewTag=yes');
    }, desktop.url('app://bundle/popout.html'));
    await desktop.settle();
    await expect.poll(windows).toBe(1 + 8);
    const popouts = await desktop.inMain(({ BrowserWindow, webContents }) =>
      webContents
        .getAllWebContents()
        .filter((contents) => contents.getURL() === 'app://bundle/popout.html')
        .map((contents) => {
          const known = contents as WebContents & { getLastWebPreferences(): Record<string, unknown> };
          const { sandbox, contextIsolation, nodeIntegration, webviewTag, preload } = known.getLastWebPreferences();
          return {
            sandbox,
            contextIsolation,
            nodeIntegration,
            webviewTag,
            preload: preload ?? null,
            window: BrowserWindow.fromWebContents(contents) !== null,
          };
        }),
    );
    expect(popouts).toEqual(
      Array<unknown>(8).fill({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        preload: null,
        window: true,
      }),
    );
    const popout = page
      .context()
      .pages()
      .find((candidate) => candidate.url().endsWith('popout.html'));
    expect(await popout?.evaluate(() => ['perpscope' in window, 'require' in window])).toEqual([false, false]);

    // A pop-out opens nothing itself, and a closed one makes room.
    await popout?.evaluate(() => void window.open('popout.html'));
    await desktop.settle();
    expect(await windows()).toBe(1 + 8);
    await popout?.close();
    await expect.poll(windows).toBe(1 + 7);
    await page.evaluate((url) => void window.open(url), desktop.url('app://bundle/popout.html'));
    await desktop.settle();
    await expect.poll(windows).toBe(1 + 8);
    await desktop.inMain(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) {
        if (window.webContents.getURL().endsWith('popout.html')) window.destroy();
      }
    });
    expect(await windows()).toBe(1);
  });

  test('is granted nothing but "copy"', async () => {
    const granted = await page.evaluate(async () => {
      const state = async (name: string): Promise<string> => (await navigator.permissions.query({ name: name as PermissionName })).state;
      return {
        geolocation: await state('geolocation'),
        notifications: await state('notifications'),
        camera: await state('camera'),
        microphone: await state('microphone'),
        clipboardRead: await state('clipboard-read'),
        clipboardWrite: await state('clipboard-write'),
        asked: await Notification.requestPermission(),
        media: await navigator.mediaDevices.getUserMedia({ audio: true }).then(
          () => 'given',
          (error: unknown) => (error as DOMException).name,
        ),
      };
    });
    expect(granted).toMatchObject({ clipboardWrite: 'granted', asked: 'denied' });
    for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboardRead'] as const) {
      expect(`${name} ${granted[name]}`).toBe(`${name} denied`);
    }
    expect(['NotAllowedError', 'NotFoundError']).toContain(granted.media);
  });

  test('downloads nothing', async () => {
    await desktop.inMain(({ BrowserWindow }) => {
      const page = BrowserWindow.getAllWindows()[0]?.webContents;
      Reflect.set(
        globalThis,
        'download',
        new Promise((done) => page?.session.on('will-download', (event) => done(event.defaultPrevented))),
      );
    });
    await page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: 'x.txt' });
      link.click();
    });
    expect(await desktop.inMain(() => Reflect.get(globalThis, 'download') as Promise<boolean>)).toBe(true);
  });

  const forged: readonly (readonly [string, unknown])[] = [
    ['a frame that is gone', null],
    ['a frame inside the page', { url: 'app://bundle/', parent: { url: 'app://bundle/', parent: null } }],
    ['another origin', { url: 'https://example.com/', parent: null }],
    ['an origin that begins like ours', { url: 'app://bundle.evil/', parent: null }],
    ['a user before our host', { url: 'app://evil@bundle/', parent: null }],
    ['our host in another scheme', { url: 'https://bundle/', parent: null }],
    ['an empty page', { url: 'about:blank', parent: null }],
    ['a file', { url: 'file:///app/bundle', parent: null }],
  ];
  test.each(forged)('is refused the bridge as %s, whatever it asks for', async (_what, senderFrame) => {
    const ask = (name: string): Promise<unknown> =>
      desktop.inMain(
        ({ ipcMain }, arg) => {
          const { _invokeHandlers } = ipcMain as IpcMain & { _invokeHandlers: Map<string, (...args: unknown[]) => unknown> };
          return _invokeHandlers.get(arg.callChannel)?.({ senderFrame: arg.senderFrame, sender: null }, arg.name, {});
        },
        { callChannel, name, senderFrame },
      );
    for (const name of ['app.info', 'no.such.call']) expect(await ask(name)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  });
});
