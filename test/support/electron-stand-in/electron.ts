/** What `import 'electron'` gives on the stand-in, in both of its forms. */
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { ipcMain } from './ipc-main.ts';
import { crashReporter, dialog, Menu, Notification, safeStorage, screen, Tray } from './records.ts';
import { protocol, session } from './session.ts';
import { utilityProcess } from './utility-process.ts';
import { allWebContents } from './web-contents.ts';

const webContents = { getAllWebContents: allWebContents };
/** electron-store takes it out of the module and never uses it here. */
const shell = {};

export {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
  webContents,
};
export default {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
  webContents,
};
