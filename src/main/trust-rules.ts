/** What a page may be, open, ask for and load, as pure functions over URLs: trust.ts and ipc.ts hang them on Electron. */

export const scheme = 'app';
const host = 'bundle';
export const ownOrigin = `${scheme}://${host}`;
export const mainPage = `${ownOrigin}/`;
export const popoutPage = `${ownOrigin}/popout.html`;
/** Shown after too many crashes; answered by scheme.ts itself. */
export const stoppedPage = `${ownOrigin}/stopped.html`;

export const maxPopouts = 8;

/** Parsed, never compared by prefix: `app://bundle.evil/` and `app://bundle@evil/` begin like ours. */
export function isOwnOrigin(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === `${scheme}:` && parsed.host === host && parsed.username === '' && parsed.password === '';
}

/** Nothing navigates by itself but a pop-out that has just been opened, on its way to its one page. `current` is '' before the first. */
export function mayNavigate(url: string, current: string): boolean {
  return URL.parse(url)?.href === popoutPage && (current === '' || current === 'about:blank' || current === popoutPage);
}

export function mayOpen(url: string, openPopouts: number): boolean {
  return URL.parse(url)?.href === popoutPage && openPopouts < maxPopouts;
}

/** The window's session loads our own files only; DevTools come from the binary itself. */
export function mayLoad(url: string, devTools: boolean): boolean {
  return isOwnOrigin(url) || (devTools && URL.parse(url)?.protocol === 'devtools:');
}

/** Nothing but "copy", and that from our own page. */
export function mayUse(permission: string, requestingUrl: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOwnOrigin(requestingUrl);
}

/** As much of Electron's WebFrameMain as the sender check reads. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** A call counts only from the top frame of our own page; a frame that is gone has no say. */
export function isTrustedSender(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isOwnOrigin(frame.url);
}

/** Switches that open a packaged app to every program that can start it; Electron's fuses do not cover them. */
const refusedSwitches = [
  'allow-file-access-from-files',
  'allow-running-insecure-content',
  'custom-devtools-frontend',
  'disable-features',
  'disable-gpu-sandbox',
  'disable-seccomp-filter-sandbox',
  'disable-setuid-sandbox',
  'disable-site-isolation-trials',
  'disable-web-security',
  'enable-blink-features',
  'gpu-launcher',
  'host-resolver-rules',
  'host-rules',
  'ignore-certificate-errors',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'js-flags',
  'load-extension',
  'log-net-log',
  'no-sandbox',
  'no-zygote',
  'proxy-server',
  'remote-allow-origins',
  'remote-debugging-pipe',
  'remote-debugging-port',
  'renderer-cmd-prefix',
  'single-process',
  'unsafely-treat-insecure-origin-as-secure',
  'utility-cmd-prefix',
] as const;

/** What a test attaches by. */
const driving: ReadonlySet<string> = new Set(['inspect', 'inspect-brk', 'inspect-port', 'remote-debugging-port']);

/**
 * The first refused switch that the command line has, or null. `isTwin`: a debugger is attached at start, which the inspect fuse of a
 * released app never lets happen: this is the twin that end-to-end tests start.
 */
export function refusedSwitch(hasSwitch: (name: string) => boolean, isTwin = false): string | null {
  return refusedSwitches.find((name) => hasSwitch(name) && !(isTwin && driving.has(name))) ?? null;
}
