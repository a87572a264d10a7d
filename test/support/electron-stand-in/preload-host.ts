/**
 * Runs in the page, before its own scripts: a CommonJS preload with the two modules that a sandboxed one may ask for.
 * Sent as text, so it uses nothing from outside itself.
 */
export function hostPreload(
  preload: (require: (name: string) => unknown, module: object, exports: object) => void,
  names: { invoke: string; deliver: string },
): void {
  // Electron runs a preload in the top frame only (nodeIntegrationInSubFrames is off).
  if (window.top !== window) return;
  type Plain = Record<string, unknown>;
  const page = window as unknown as Plain;
  const call = page[names.invoke] as (channel: string, args: unknown[]) => Promise<unknown>;
  Reflect.deleteProperty(page, names.invoke);

  const listeners = new Map<string, Set<(event: object, ...args: unknown[]) => void>>();
  Object.defineProperty(page, names.deliver, {
    enumerable: false,
    value: (channel: string, args: unknown[]) => {
      for (const listener of listeners.get(channel) ?? []) {
        try {
          listener({ sender: 'ipcRenderer', senderId: 0 }, ...args);
        } catch (error) {
          // A listener's fault is the page's own (its error event, a spec's pageerror), never the main process's.
          reportError(error);
        }
      }
    },
  });
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]) => call(channel, structuredClone(args)),
    on: (channel: string, listener: (event: object, ...args: unknown[]) => void) => {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      return ipcRenderer;
    },
  };

  /** What crosses the context bridge: functions as proxies, promises, and copies of everything else. */
  const cross = (value: unknown): unknown => {
    if (typeof value === 'function') {
      return (...args: unknown[]) => cross((value as (...args: unknown[]) => unknown)(...args.map(cross)));
    }
    if (value instanceof Promise) {
      return value.then(cross, (error: unknown) => Promise.reject(new Error(error instanceof Error ? error.message : String(error))));
    }
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cross(inner)])));
    }
    return structuredClone(value);
  };
  const contextBridge = {
    exposeInMainWorld: (name: string, api: unknown) => {
      Object.defineProperty(page, name, { value: cross(api), enumerable: true, writable: false, configurable: false });
    },
  };

  const allowed: Plain = { electron: { contextBridge, ipcRenderer } };
  const require = (name: string): unknown => {
    if (!Object.hasOwn(allowed, name)) throw new Error(`module not found: ${name} (a sandboxed preload has only electron)`);
    return allowed[name];
  };
  const module = { exports: {} };
  preload(require, module, module.exports);
}
