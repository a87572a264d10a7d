import { EventEmitter } from 'node:events';

export interface FrameMain {
  readonly url: string;
  readonly parent: FrameMain | null;
}

export interface InvokeEvent {
  readonly type: 'frame';
  readonly sender: unknown;
  readonly senderFrame: FrameMain | null;
}

type Handler = (event: InvokeEvent, ...args: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  /** Electron keeps its handlers under this name too: a spec forges events against it on both. */
  readonly _invokeHandlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this._invokeHandlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this._invokeHandlers.set(channel, handler);
  }

  /** Stand-in only: what arrives and what goes back is a structured clone, as between processes. */
  async invoke(event: InvokeEvent, channel: string, args: unknown[]): Promise<unknown> {
    const handler = this._invokeHandlers.get(channel);
    if (handler === undefined) throw new Error(`Error invoking remote method '${channel}': No handler registered for '${channel}'`);
    return structuredClone(await handler(event, ...structuredClone(args)));
  }
}

export const ipcMain = new IpcMain();
