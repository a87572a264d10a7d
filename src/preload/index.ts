import { callChannel, callNames, eventChannel, eventNames, type Transport } from '#bridge/names.ts';
import { contextBridge, ipcRenderer } from 'electron';

type Listener = (payload: unknown) => void;

const listeners = new Map<string, Set<Listener>>();

// One Electron listener for all events: a page's callback gets the payload alone, never the IpcRendererEvent.
ipcRenderer.on(eventChannel, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

const transport: Transport = {
  invoke(name, input) {
    if (!callNames.has(name)) return Promise.reject(new Error('Unknown call'));
    return ipcRenderer.invoke(callChannel, name, input) as ReturnType<Transport['invoke']>;
  },
  subscribe(name, listener) {
    if (!eventNames.has(name)) throw new Error('Unknown event');
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set.add(listener));
    return () => {
      set.delete(listener);
    };
  },
};

contextBridge.exposeInMainWorld('perpscope', transport);
