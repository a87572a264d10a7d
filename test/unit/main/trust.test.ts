import { EventEmitter } from 'node:events';
import { guardEverything, pagePreferences, refuseDangerousSwitches } from '#main/trust.ts';
import { beforeEach, describe, expect, test, vi } from 'vitest';

/** What of Electron the guard takes hold of, and what it was told. The stand-in leaves undone what is asked of it here. */
const electron = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  const switches = new Set<string>();
  return {
    switches,
    app: Object.assign(new Emitter(), {
      isPackaged: false,
      enableSandbox: vi.fn(),
      commandLine: { hasSwitch: (name: string) => switches.has(name) },
    }),
  };
});
vi.mock('electron', () => electron);

class Contents extends EventEmitter {
  readonly setWebRTCIPHandlingPolicy = vi.fn();
  open: ((details: { url: string }) => { action: string }) | null = null;
  url = 'app://bundle/';
  getURL = (): string => this.url;
  setWindowOpenHandler(handler: Contents['open']): void {
    this.open = handler;
  }
  /** Whether the page was kept from it. */
  prevents(name: string, details: Readonly<Record<string, unknown>> = {}): boolean {
    let prevented = false;
    this.emit(name, { ...details, preventDefault: () => (prevented = true) });
    return prevented;
  }
}

type Handler = (...args: unknown[]) => unknown;
class Session extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  readonly #keep = (name: string) => (handler: Handler) => void this.handlers.set(name, handler);
  readonly setPermissionRequestHandler = this.#keep('request');
  readonly setPermissionCheckHandler = this.#keep('check');
  readonly setDevicePermissionHandler = this.#keep('device');
  readonly webRequest = { onBeforeRequest: this.#keep('load') };
  readonly setSpellCheckerEnabled = vi.fn();
  answer(name: string, ...args: unknown[]): unknown {
    return this.handlers.get(name)?.(...args);
  }
}

let contents: Contents;
let session: Session;
beforeEach(() => {
  electron.app.removeAllListeners();
  electron.app.enableSandbox.mockReset();
  electron.app.isPackaged = false;
  electron.switches.clear();
  guardEverything({}, () => undefined);
  contents = new Contents();
  session = new Session();
  electron.app.emit('web-contents-created', {}, contents);
  electron.app.emit('session-created', session);
});

test('every page is in the sandbox, whatever a window asks for', () => {
  expect(electron.app.enableSandbox).toHaveBeenCalledOnce();
  expect(pagePreferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false });
});

describe('a page', () => {
  test.each([
    ['will-navigate', { url: 'https://example.com/' }],
    ['will-navigate', { url: 'app://bundle/' }],
    ['will-frame-navigate', { url: 'https://example.com/' }],
    ['will-frame-navigate', { url: 'file:///etc/passwd' }],
    ['will-redirect', { url: 'app://bundle/' }],
    ['will-attach-webview', {}],
  ])('is kept from %s %o', (name, details) => {
    expect(contents.prevents(name, details)).toBe(true);
  });

  test('that was just opened may go to the page of a window of its own', () => {
    contents.url = '';
    for (const name of ['will-navigate', 'will-frame-navigate']) {
      expect(contents.prevents(name, { url: 'app://bundle/popout.html' })).toBe(false);
      expect(contents.prevents(name, { url: 'https://example.com/' })).toBe(true);
    }
  });

  test('tells no address of this machine by WebRTC, which no other rule sees', () => {
    expect(contents.setWebRTCIPHandlingPolicy.mock.calls).toEqual([['disable_non_proxied_udp']]);
  });

  test('opens nothing but a window of the terminal', () => {
    expect(contents.open?.({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
    expect(contents.open?.({ url: 'app://bundle/popout.html' })).toMatchObject({
      action: 'allow',
      overrideBrowserWindowOptions: { webPreferences: { sandbox: true, nodeIntegration: false } },
    });
  });
});

describe('a session', () => {
  test('is given no device, whatever it is', () => {
    for (const deviceType of ['hid', 'serial', 'usb']) expect(session.answer('device', { deviceType, origin: 'app://bundle' })).toBe(false);
  });

  test('is granted "copy" alone, where it asks and where it looks', () => {
    const granted: unknown[] = [];
    for (const permission of ['media', 'geolocation', 'clipboard-read', 'clipboard-sanitized-write'])
      session.answer('request', null, permission, (yes: unknown) => granted.push(yes), { requestingUrl: 'app://bundle/' });
    expect(granted).toEqual([false, false, false, true]);
    expect(session.answer('check', null, 'media', 'app://bundle')).toBe(false);
    expect(session.answer('check', null, 'clipboard-sanitized-write', 'https://example.com')).toBe(false);
  });

  test('loads nothing from the network', () => {
    const cancelled = (url: string): unknown => {
      let answer: unknown;
      session.answer('load', { url }, (told: unknown) => (answer = told));
      return answer;
    };
    expect(cancelled('https://example.com/')).toEqual({ cancel: true });
    expect(cancelled('app://bundle/index.html')).toEqual({ cancel: false });
  });

  test('downloads nothing', () => {
    let prevented = false;
    session.emit('will-download', { preventDefault: () => (prevented = true) });
    expect(prevented).toBe(true);
  });
});

test('a packaged app does not start with a switch that takes its protection away; from the sources a developer may', () => {
  electron.switches.add('disable-gpu-sandbox');
  expect(refuseDangerousSwitches).not.toThrow();
  electron.app.isPackaged = true;
  expect(refuseDangerousSwitches).toThrow('--disable-gpu-sandbox is not allowed; start Perpscope without it.');
  electron.switches.clear();
  expect(refuseDangerousSwitches).not.toThrow();
});
