import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { learnScheme } from './urls.ts';

export interface Details {
  readonly requestingUrl: string;
}
type SchemeHandler = (request: Request) => Response | Promise<Response>;
type PermissionRequest = (contents: unknown, permission: string, answer: (granted: boolean) => void, details: Details) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string, details: Details) => boolean;
type BeforeRequest = (
  details: { url: string; resourceType: string; method: string },
  answer: (response: { cancel?: boolean }) => void,
) => void;

const privileged = new Set<string>();

export const protocol = {
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: { standard?: boolean; secure?: boolean } }[]): void {
    app.mustNotBeReady('protocol.registerSchemesAsPrivileged');
    for (const { scheme, privileges } of schemes) {
      if (privileges.standard !== true || privileges.secure !== true) throw new Error('stand-in: schemes are standard and secure');
      privileged.add(scheme);
      learnScheme(scheme);
    }
  },
};

export class Session extends EventEmitter {
  readonly handlers = new Map<string, SchemeHandler>();
  readonly partition: string;
  readonly cache: boolean;
  /** Stand-in only: requests that would have gone to a network, had nothing stopped them. */
  readonly network: string[] = [];
  beforeRequest: BeforeRequest | null = null;
  permissionRequest: PermissionRequest | null = null;
  permissionCheck: PermissionCheck | null = null;
  devicePermission: (() => boolean) | null = null;
  spellChecker = true;

  constructor(partition: string, cache: boolean) {
    super();
    this.partition = partition;
    this.cache = cache;
  }

  readonly protocol = {
    handle: (scheme: string, handler: SchemeHandler): void => {
      app.mustBeReady('protocol.handle');
      if (!privileged.has(scheme)) throw new Error(`stand-in: ${scheme} was not registered as privileged`);
      this.handlers.set(scheme, handler);
    },
  };

  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => {
      this.beforeRequest = listener;
    },
  };

  setPermissionRequestHandler(handler: PermissionRequest | null): void {
    this.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheck | null): void {
    this.permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: (() => boolean) | null): void {
    this.devicePermission = handler;
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecker = enabled;
  }

  /** Stand-in only. What the check denies is requested, and without a handler Electron says yes to either: both must deny. */
  grants(contents: unknown, permission: string, origin: string): boolean {
    const details = { requestingUrl: `${origin}/` };
    if (this.permissionCheck?.(contents, permission, `${origin}/`, details) ?? true) return true;
    let requested = this.permissionRequest === null;
    this.permissionRequest?.(contents, permission, (granted) => (requested = granted), details);
    return requested;
  }

  cancels(url: string, resourceType: string, method: string): boolean {
    let cancel = false;
    this.beforeRequest?.({ url, resourceType, method }, (response) => (cancel = response.cancel === true));
    return cancel;
  }
}

const sessions = new Map<string, Session>();

function sessionOf(partition: string, cache: boolean): Session {
  app.mustBeReady('session');
  const known = sessions.get(partition);
  if (known !== undefined) return known;
  const made = new Session(partition, cache);
  sessions.set(partition, made);
  app.emit('session-created', made);
  return made;
}

export const session = {
  get defaultSession(): Session {
    return sessionOf('', true);
  },
  fromPartition(partition: string, options: { cache?: boolean } = {}): Session {
    if (partition.startsWith('persist:')) throw new Error('stand-in: sessions are in memory');
    return sessionOf(partition, options.cache ?? true);
  },
  /** Stand-in only. */
  all: (): readonly Session[] => [...sessions.values()],
};
