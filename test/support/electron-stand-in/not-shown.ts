/** What no run on the stand-in can show; printed as skipped at each. */
export const notShown: readonly string[] = [
  "the operating system's sandbox of the renderer, and the context isolation between preload and page",
  'fuses, the packaged archive and a signed binary',
  'that Chromium itself takes app:// as a standard, secure scheme, and its code cache',
  "a second process's real single-instance lock, focus and z-order of real windows",
  "the operating system's notifications, menu bar, tray and dialogs",
  "the operating system's keyring, and what it says of proxies",
  'GPU process loss, out-of-memory kills, an unresponsive page as Electron detects it',
  'middle clicks with Auxclick off, drag-and-drop of files, webviews',
  'session end on Windows, App Nap and sleep',
  'the speed of IPC and of the first paint',
];
