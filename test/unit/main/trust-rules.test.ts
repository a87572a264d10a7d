import { describe, expect, test } from 'vitest';
import {
  isOwnOrigin,
  isTrustedSender,
  mainPage,
  maxPopouts,
  mayLoad,
  mayNavigate,
  mayOpen,
  mayUse,
  popoutPage,
  refusedSwitch,
} from '#main/trust-rules.ts';

const foreign = [
  'javascript:alert(1)',
  'data:text/html,<h1>x</h1>',
  'file:///etc/passwd',
  'file://bundle/index.html',
  'blob:app://bundle/0b4e',
  'about:blank',
  'about:srcdoc',
  'http://bundle/',
  'https://bundle/index.html',
  'https://app.bundle/',
  'app://bundle.evil/',
  'app://evil.bundle/',
  'app://bundle@evil/',
  'app://user@bundle/',
  'app://user:word@bundle/',
  'app://:word@bundle/',
  'app://bundle:80/',
  'app://bundlе/', // the last letter is Cyrillic
  'app://bündle/',
  'app://bundle%2eevil/',
  'app://bundle\\@evil/',
  'app://bundle%00/',
  'app:bundle/index.html',
  'app:/bundle/index.html',
  'app:///bundle/index.html',
  'app:\\\\bundle\\index.html',
  'apps://bundle/',
  'app+x://bundle/',
  'view-source:app://bundle/',
  'filesystem:app://bundle/temporary/',
  'devtools://devtools/bundled/inspector.html',
  'chrome://settings',
  '//bundle/',
  '/index.html',
  'bundle',
  '',
  ' ',
];

describe('the own origin', () => {
  test.each([
    'app://bundle/',
    'app://bundle',
    'app://bundle/index.html',
    'app://bundle/assets/a.js?x#y',
    'APP://bundle/',
    ' app://bundle/\n',
  ])('is %j', (url) => {
    expect(isOwnOrigin(url)).toBe(true);
  });

  test.each(foreign)('is not %j', (url) => {
    expect(isOwnOrigin(url)).toBe(false);
    expect(mayLoad(url, false)).toBe(false);
    expect(mayOpen(url, 0)).toBe(false);
    expect(mayNavigate(url, '')).toBe(false);
    expect(mayUse('clipboard-sanitized-write', url)).toBe(false);
    expect(isTrustedSender({ url, parent: null })).toBe(false);
  });
});

describe('windows', () => {
  test('only the exact pop-out page opens, and only so many', () => {
    expect(mayOpen(popoutPage, 0)).toBe(true);
    expect(mayOpen(popoutPage, maxPopouts - 1)).toBe(true);
    expect(mayOpen(popoutPage, maxPopouts)).toBe(false);
  });

  test.each([
    mainPage,
    'app://bundle/index.html',
    'app://bundle/popout.html?x',
    'app://bundle/popout.html#x',
    'app://bundle/popout.html/',
    'app://bundle/Popout.html',
    'app://bundle/x/popout.html',
    'app://bundle//popout.html',
  ])('%s does not open', (url) => {
    expect(mayOpen(url, 0)).toBe(false);
  });

  test('a new pop-out may go to its page; a page that is somewhere goes nowhere', () => {
    expect(mayNavigate(popoutPage, '')).toBe(true);
    expect(mayNavigate(popoutPage, 'about:blank')).toBe(true);
    expect(mayNavigate(popoutPage, mainPage)).toBe(false);
    expect(mayNavigate(mainPage, mainPage)).toBe(false);
    expect(mayNavigate(mainPage, '')).toBe(false);
    expect(mayNavigate('https://example.com/', popoutPage)).toBe(false);
  });
});

test('a page loads its own files; the developer tools only where they are on', () => {
  expect(mayLoad('app://bundle/assets/a.woff2', false)).toBe(true);
  expect(mayLoad('devtools://devtools/bundled/x.js', true)).toBe(true);
  expect(mayLoad('devtools://devtools/bundled/x.js', false)).toBe(false);
  expect(mayLoad('https://devtools/', true)).toBe(false);
  expect(mayLoad('ws://127.0.0.1:9/', true)).toBe(false);
});

test('a page may copy, and nothing else', () => {
  expect(mayUse('clipboard-sanitized-write', 'app://bundle/')).toBe(true);
  for (const permission of ['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'fullscreen', 'unknown', '']) {
    expect(mayUse(permission, 'app://bundle/')).toBe(false);
  }
});

test('a call counts from the top frame of the own page only', () => {
  const top = { url: 'app://bundle/index.html', parent: null };
  expect(isTrustedSender(top)).toBe(true);
  expect(isTrustedSender(null)).toBe(false);
  expect(isTrustedSender({ url: 'app://bundle/index.html', parent: top })).toBe(false);
  expect(isTrustedSender({ url: 'app://bundle/index.html', parent: undefined })).toBe(false);
});

describe('a switch that opens a packaged app', () => {
  // Those that Electron's fuses leave open (electron/fuses#2), and Chromium's own that take protection away or write what is asked.
  test.each([
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
  ])('--%s is refused by its name', (refused) => {
    expect(refusedSwitch((name) => name === refused)).toBe(refused);
  });

  test('is none of the others', () => {
    expect(refusedSwitch(() => false)).toBeNull();
    // The twin is driven by these, and by no other.
    expect(refusedSwitch((name) => name === 'remote-debugging-port', true)).toBeNull();
    expect(refusedSwitch((name) => name === 'no-sandbox', true)).toBe('no-sandbox');
    for (const allowed of ['ozone-platform', 'force-device-scale-factor', 'lang']) {
      expect(refusedSwitch((name) => name === allowed)).toBeNull();
    }
  });
});
