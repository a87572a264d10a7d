import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { windowBounds, type WindowBounds } from '#bridge/settings.ts';
import { WINDOW_ID, type WindowId } from '#bridge/window.ts';
import { defaultWorkspace, type Workspace, workspaceFields } from '#bridge/workspace.ts';
import type { Log } from '#core/ports/log.ts';
import type { WorkspaceStore } from '#core/ports/preferences.ts';
import { makeFolder } from './data-dir.ts';
import { checkEach, type Fields } from './settings-fields.ts';

/** What settings.json held of a window before it had a file of its own. */
export const FORMER_FIELDS = ['activeList', 'selected', 'range', 'columns', 'pane', 'window'] as const;

const NAME = 'workspaces';
const VERSION = 1;
/** Of the desktop's windows, which have a place on the screen, and of tabs: the one used longest ago gives way to one more of its kind. */
export const MOST_KEPT = 30;
const WRITE_DELAY_MS = 500;
const RETRY_MS = 5_000;

const fileFormat = z.object({
  version: z.int().min(1),
  /** The one used last at the end. */
  windows: z.array(z.record(z.string(), z.unknown())),
});

interface Kept {
  readonly workspace: Workspace;
  /** Of a window of the desktop. */
  readonly bounds: WindowBounds | null;
}

export interface FileWorkspaces extends WorkspaceStore {
  bounds(window: WindowId): WindowBounds | null;
  keepBounds(window: WindowId, bounds: WindowBounds): void;
  /** Resolves when all that was kept is on disk; rejects with the reason where the disk refuses. */
  flush(): Promise<void>;
}

export interface WorkspacesOptions {
  /** Must be locked by this process. */
  readonly dataDir: string;
  /** Fields of settings.json that a version before this file kept there: they become the first window's, where there is no file yet. */
  readonly inherited: Fields;
  readonly log: Log;
}

/** Never throws for what the file holds, nor for a folder that cannot be written: it says so in `notices` and goes on in memory. */
export function openWorkspaces({ dataDir, inherited, log }: WorkspacesOptions): FileWorkspaces {
  const path = join(dataDir, `${NAME}.json`);
  const notices: string[] = [];
  let refusal: string | null = null;
  let dirty = false;
  let timer: NodeJS.Timeout | null = null;
  /** A file that must be kept under another name before anything is written in its place. */
  let aside: string | null = null;
  const kept = load();

  function notice(text: string): void {
    notices.push(text);
    log.write('warn', 'workspaces', text);
  }

  function load(): Map<WindowId, Kept> {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if (!isMissing(error)) setAside('unreadable', `cannot be read (${reasonOf(error)}). Windows start as new ones`);
      return first();
    }
    const file = fileFormat.safeParse(parsed(text));
    if (!file.success) {
      setAside('corrupt', 'is damaged. Windows start as new ones');
      return first();
    }
    if (file.data.version > VERSION)
      setAside(`newer-${file.data.version}`, 'was written by a newer Perpscope. This one uses what it understands');
    const faults: string[] = [];
    const entries = file.data.windows.flatMap((entry) => {
      const { id } = entry;
      if (typeof id !== 'string' || !WINDOW_ID.test(id)) {
        faults.push('A window without a name was left out.');
        return [];
      }
      return [[id, checked(entry, faults)] as const];
    });
    if (faults.length > 0) setAside('rejected', `holds what cannot be used: ${faults[0] ?? ''} The rest is used`);
    return newest(new Map(entries));
  }

  function checked({ bounds, workspace }: Fields, faults: string[]): Kept {
    const fields = z.record(z.string(), z.unknown()).safeParse(workspace);
    const { values, faults: found } = checkEach(workspaceFields, fields.data ?? {}, defaultWorkspace, 'workspace field');
    faults.push(...found);
    // Each entry went through its own schema, and workspaceFields names exactly the keys of Workspace.
    return { workspace: values, bounds: windowBounds.safeParse(bounds).data ?? null };
  }

  /** Settings of before held one workspace for all windows. */
  function first(): Map<WindowId, Kept> {
    if (Object.keys(inherited).length === 0) return new Map();
    const { activeList: list, window: bounds, ...fields } = inherited;
    const faults: string[] = [];
    const own = checked({ bounds, workspace: { ...fields, ...(list === undefined ? {} : { list }) } }, faults);
    for (const fault of faults) notice(fault);
    mustWrite(0);
    return new Map([['main', own]]);
  }

  function setAside(why: string, sentence: string): void {
    aside = `${NAME}.${why}-${new Date().toISOString().replaceAll(':', '-')}.json`;
    notice(`${path} ${sentence}; the file as it was is kept as ${aside}.`);
    mustWrite(0);
  }

  function write(): void {
    try {
      makeFolder(dataDir);
      if (aside !== null) renameUnlessMissing(path, join(dataDir, aside));
      aside = null;
      const windows = [...kept].map(([id, { workspace, bounds }]) => ({ id, workspace, ...(bounds === null ? {} : { bounds }) }));
      const unfinished = `${path}.new`;
      writeFileSync(unfinished, `${JSON.stringify({ version: VERSION, windows }, null, 2)}\n`, { flush: true });
      renameSync(unfinished, path);
      dirty = false;
      refusal = null;
    } catch (error) {
      const text = `What the windows show cannot be written to ${path} (${reasonOf(error)}). It is kept in memory and tried again.`;
      if (refusal !== text) log.write('error', 'workspaces', text);
      refusal = text;
    }
  }
  function mustWrite(delayMs: number): void {
    dirty = true;
    schedule(delayMs);
  }
  function schedule(delayMs: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      write();
      if (dirty) schedule(RETRY_MS);
    }, delayMs);
  }
  function put(window: WindowId, next: Kept): void {
    kept.delete(window);
    kept.set(window, next);
    newest(kept);
    mustWrite(refusal === null ? WRITE_DELAY_MS : RETRY_MS);
  }
  /** Of a window that was never seen: what the one used last shows, whose own windows are not its own. */
  const ofWindow = (window: WindowId): Kept =>
    kept.get(window) ?? { workspace: { ...([...kept.values()].at(-1)?.workspace ?? defaultWorkspace), windows: [] }, bounds: null };

  return {
    get notices() {
      return refusal === null ? notices : [...notices, refusal];
    },
    get(window) {
      const found = ofWindow(window);
      put(window, found);
      return found.workspace;
    },
    keep: (window, workspace) => put(window, { ...ofWindow(window), workspace }),
    bounds: (window) => ofWindow(window).bounds,
    keepBounds: (window, bounds) => put(window, { ...ofWindow(window), bounds }),
    flush() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (dirty) write();
      return refusal === null ? Promise.resolve() : Promise.reject(new Error(refusal));
    },
  };
}

/** Takes out those that there are too many of. */
function newest(kept: Map<WindowId, Kept>): Map<WindowId, Kept> {
  for (const ofDesktop of [true, false]) {
    const kind = [...kept].filter(([, { bounds }]) => (bounds !== null) === ofDesktop);
    for (const [id] of kind.slice(0, Math.max(0, kind.length - MOST_KEPT))) kept.delete(id);
  }
  return kept;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** Undefined for text that is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function renameUnlessMissing(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
