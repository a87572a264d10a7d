import { fileURLToPath } from 'node:url';
import { createAssetServer } from '#node/assets.ts';
import type { Flags } from '#node/flags.ts';
import { claimFolder } from '#node/claim-folder.ts';
import { DEMO_SEED, openApp } from '#node/open-app.ts';
import { pacProxies } from '#node/proxy/system-proxies.ts';
import { app, session } from 'electron';
import Store from 'electron-store';
import { keepCrashDumps, memoryOfAll } from './crashes.ts';
import { focusForSecondInstance, isFirstInstance, takeDataFolder } from './data-folder.ts';
import { forwardEvents, serveBridge, tellWindow } from './ipc.ts';
import { systemLockbox } from './lockbox.ts';
import { setMenu } from './menu.ts';
import { filesIn } from './files-in.ts';
import { createHandedFiles, setupPathsIn } from './handed-files.ts';
import { filesOut } from './files-out.ts';
import { actOnAlert } from './act-on-alert.ts';
import { createNotifier } from './notifier.ts';
import { startQueryUtility } from './query-process.ts';
import { readOptions } from './options.ts';
import { flushBeforeQuit } from './quit.ts';
import { recoverApp, recoverPage } from './recovery.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { say, sayOnce, stopWith } from './say.ts';
import { createTray } from './tray.ts';
import { mainPage } from './trust-rules.ts';
import { guardEverything, refuseDangerousSwitches } from './trust.ts';
import { createWindow, focusWindow, loadPage, placePopout, popoutWindow } from './window.ts';

const handed = createHandedFiles();

// All of this must happen before the app is ready, which comes only after this file has run: no top-level await here.
try {
  refuseDangerousSwitches();
  registerScheme();
  guardEverything(popoutWindow, placePopout);
  const options = readOptions(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd());
  const dataDir = takeDataFolder(options);
  handed.hand(setupPathsIn(process.argv.slice(1), process.cwd()));
  // On a Mac files come by this event alone, also before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    handed.hand(setupPathsIn([path], process.cwd()));
  });
  keepCrashDumps();
  if (isFirstInstance()) {
    app
      .whenReady()
      .then(() => start(dataDir, options), stopWith)
      .catch(stopWith);
  } else {
    say('already running on this data folder; its window is in front now');
    app.exit(0);
  }
} catch (error) {
  stopWith(error);
}

async function start(dataDir: string, { demo, history, archive }: Pick<Flags, 'demo' | 'history' | 'archive'>): Promise<void> {
  const notifier = createNotifier();
  const tray = createTray();
  const folder = await claimFolder({ dataDir, demo: demo !== null, shell: 'desktop', version: app.getVersion(), shared: history !== null });
  const opened = await openApp(folder, {
    demo: demo === null ? null : { speed: demo.speed, seed: DEMO_SEED },
    ...(history !== null && { history, archive }),
    notifier,
    badge: tray,
    memory: memoryOfAll,
    files: filesOut,
    filesIn: { ...filesIn, handed: () => handed.take() },
    createStore: Store,
    startQueryProcess: startQueryUtility,
    env: process.env,
    systemProxies: async (target) => pacProxies(await app.resolveProxy(target.href)),
    lockbox: systemLockbox,
  });
  const { app: terminal, workspaces, log } = opened;
  const tell = (sentence: string): void => terminal.notice(sentence);
  recoverApp(log, tell);
  flushBeforeQuit(() => opened.close(), log);

  // SECURITY: in memory and without a cache, so that the page leaves nothing on the disk.
  const pages = session.fromPartition('pages', { cache: false });
  serveScheme(pages, createAssetServer(fileURLToPath(new URL('../renderer', import.meta.url)), { connectSelf: false }));
  const window = createWindow(pages, workspaces);
  serveBridge(terminal.dispatch, {
    called: sayOnce('window ready'),
    refused: (url) => log.write('warn', 'bridge', 'a call from a frame that may not ask', { url }),
  });
  forwardEvents(terminal, window);
  setMenu(() => {
    loadPage(window, mainPage, log);
  });
  recoverPage(window, log, tell);
  focusForSecondInstance(window, (args, cwd) => handed.hand(setupPathsIn(args.slice(1), cwd)));
  handed.onHanded(() => tellWindow(window, 'setup.handed', {}));
  tray.openFor(window);
  notifier.listen({
    clicked(instrument) {
      focusWindow(window);
      tellWindow(window, 'instrument.asked', { instrument });
    },
    acted: (action, alert) => void actOnAlert(terminal, action, alert, tell),
  });
  loadPage(window, mainPage, log);
  await terminal.start();
}
