import type { Dispatch } from '#bridge/dispatcher.ts';
import type { EventName, EventPayload } from '#bridge/contract.ts';
import { failure } from '#bridge/errors.ts';
import { callChannel, eventChannel } from '#bridge/names.ts';
import type { App } from '#core/app.ts';
import { type BrowserWindow, ipcMain } from 'electron';
import { isTrustedSender } from './trust-rules.ts';

export interface BridgeHooks {
  /** A call of our own page arrived: the page lives. */
  called(): void;
  /** A call from anywhere else; answered 'not-allowed' before its name is read. */
  refused(url: string): void;
}

/** The one window whose page may ask; its pop-outs have no preload and ask through it. */
export const mainWindow = 'main';

/** The only way from the page into the main process. */
export function serveBridge(dispatch: Dispatch, hooks: BridgeHooks): void {
  // electron-store listens here for renderers of a kind that we do not have, and answers every sender.
  ipcMain.removeAllListeners('electron-store-get-data');
  ipcMain.handle(callChannel, (event, name: unknown, input: unknown) => {
    const frame = event.senderFrame;
    if (!isTrustedSender(frame)) {
      hooks.refused(frame?.url ?? 'a frame that is gone');
      return failure('not-allowed');
    }
    hooks.called();
    return dispatch(typeof name === 'string' ? name : '', input, mainWindow);
  });
}

export function tellWindow<N extends EventName>(window: BrowserWindow, name: N, payload: EventPayload<N>): void {
  if (!window.isDestroyed()) window.webContents.send(eventChannel, name, payload);
}

export function forwardEvents(app: Pick<App, 'listen'>, window: BrowserWindow): void {
  const stop = app.listen((name, payload) => {
    window.webContents.send(eventChannel, name, payload);
  });
  window.once('closed', stop);
}
