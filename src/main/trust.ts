import { url as inspectorAddress } from 'node:inspector';
import { app, type BrowserWindowConstructorOptions, type Event, type Session, type WebContents, type WebPreferences } from 'electron';
import type { Placeable } from './bounds.ts';
import { maxPopouts, mayLoad, mayNavigate, mayOpen, mayUse, refusedSwitch } from './trust-rules.ts';

export const devTools = !app.isPackaged;

// SECURITY: Electron's checklist items 2, 3, 4, 10 and 11, said even where they are today's default.
export const pagePreferences: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  disableBlinkFeatures: 'Auxclick',
  // The spell checker fetches its dictionaries from the network.
  spellcheck: false,
  devTools,
};

/** Throws where a packaged app was started with a switch that undoes its protection. */
export function refuseDangerousSwitches(): void {
  const refused = app.isPackaged ? refusedSwitch((name) => app.commandLine.hasSwitch(name), inspectorAddress() !== undefined) : null;
  if (refused !== null) throw new Error(`--${refused} is not allowed; start Perpscope without it.`);
}

/** Every session and every page there will ever be is guarded from its first moment; call before the app is ready. */
export function guardEverything(popoutWindow: BrowserWindowConstructorOptions, onPopout: (popout: Placeable) => void): void {
  // SECURITY: whatever a window's own preferences say.
  app.enableSandbox();
  app.on('session-created', guardSession);
  const popouts = new Set<WebContents>();
  app.on('web-contents-created', (_event, contents) => {
    guardPage(contents, popouts, popoutWindow, onPopout);
  });
}

function guardSession(session: Session): void {
  // SECURITY: Electron approves every permission unless both handlers say no.
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(mayUse(permission, details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  // SECURITY: the network is the main process's alone; the page gets its data over the bridge.
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayLoad(details.url, devTools) });
  });
}

function guardPage(
  contents: WebContents,
  popouts: Set<WebContents>,
  popoutWindow: BrowserWindowConstructorOptions,
  onPopout: (popout: Placeable) => void,
): void {
  const deny = (event: Event): void => {
    event.preventDefault();
  };
  const denyElsewhere = (event: Event<{ url: string }>): void => {
    if (!mayNavigate(event.url, contents.getURL())) event.preventDefault();
  };
  contents.on('will-navigate', denyElsewhere);
  contents.on('will-frame-navigate', denyElsewhere);
  contents.on('will-redirect', deny);
  contents.on('will-attach-webview', deny);
  // SECURITY: WebRTC is no request that webRequest or a CSP sees.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.setWindowOpenHandler(({ url }) => {
    if (popouts.has(contents) || !mayOpen(url, popouts.size)) return { action: 'deny' };
    return { action: 'allow', overrideBrowserWindowOptions: { ...popoutWindow, webPreferences: pagePreferences } };
  });
  contents.on('did-create-window', (window) => {
    const popout = window.webContents;
    // Two opened in one breath may both have passed the count.
    if (popouts.size >= maxPopouts) {
      window.destroy();
      return;
    }
    popouts.add(popout);
    popout.once('destroyed', () => popouts.delete(popout));
    onPopout(window);
  });
}
