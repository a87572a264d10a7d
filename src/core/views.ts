import type { MetricChoice } from '#bridge/settings.ts';
import type { WindowId } from '#bridge/window.ts';
import { EVERYTHING, type View } from '#bridge/workspace.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Cancel, Clock } from './ports/clock.ts';

/** A window that says nothing for this long (real ms) is taken as gone: browsers let a hidden tab speak once a minute. */
export const LEASE_MS = 180_000;
/** The window that spoke longest ago gives way to one more. */
const MOST_WINDOWS = 32;

/** A metric that some window shows for every watched instrument; one over a basket compares within `list`. */
export interface ViewedColumn {
  /** The name that rows carry its cells under. */
  readonly id: string;
  readonly choice: MetricChoice;
  readonly list: string | null;
}

/** What the open windows look at, all together. */
export interface Views {
  /** Returns the names of the view's columns, in their order. */
  follow(window: WindowId, view: View): readonly string[];
  leave(window: WindowId): void;
  readonly selected: ReadonlySet<InstrumentId>;
  /** Some window shows everything that is listed. */
  readonly scans: boolean;
  /** Each once, however many windows show it. */
  readonly columns: readonly ViewedColumn[];
  stop(): void;
}

interface Open {
  readonly view: View;
  readonly lapse: Cancel;
}

const keyOf = ({ metric, params }: MetricChoice, list: string | null): string =>
  JSON.stringify([metric, Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)), list]);

export interface ViewsOptions {
  readonly clock: Clock;
  /** True for a metric whose value depends on the list; columns of the others are one for all lists. */
  readonly isOverList: (choice: MetricChoice) => boolean;
  /** Other instruments are looked at, or other columns shown, than before. */
  readonly onChange: (changed: { readonly selected: boolean; readonly columns: boolean }) => void;
}

export function createViews({ clock, isOverList, onChange }: ViewsOptions): Views {
  /** The window that spoke last is the last. */
  const open = new Map<WindowId, Open>();
  let named = 0;
  /** A window that outlives the app must not take columns of this run for those that the run before named. */
  const run = clock.now().toString(36);
  let columns = new Map<string, ViewedColumn>();
  let selected: ReadonlySet<InstrumentId> = new Set();
  let scans = false;

  function columnKeys({
    columns: choices,
    list,
  }: View): { readonly key: string; readonly choice: MetricChoice; readonly list: string | null }[] {
    return choices.map((choice) => {
      const of = isOverList(choice) ? list : null;
      return { key: keyOf(choice, of), choice, list: of };
    });
  }
  function arrange(): void {
    const views = [...open.values()].map(({ view }) => view);
    const before = { selected, columns, scans };
    selected = new Set(views.flatMap((view) => [...(view.selected === null ? [] : [view.selected]), ...(view.linked ?? [])]));
    scans = views.some(({ list }) => list === EVERYTHING);
    columns = new Map();
    for (const { key, ...column } of views.flatMap(columnKeys)) {
      if (!columns.has(key)) columns.set(key, before.columns.get(key) ?? { id: `${run}-${++named}`, ...column });
    }
    const isOther = scans !== before.scans || !sameKeys(selected, before.selected);
    const changed = { selected: isOther, columns: !sameKeys(columns, before.columns) };
    if (changed.selected || changed.columns) onChange(changed);
  }
  function forget(window: WindowId): boolean {
    open.get(window)?.lapse();
    return open.delete(window);
  }
  const leave = (window: WindowId): void => {
    if (forget(window)) arrange();
  };

  return {
    follow(window, view) {
      forget(window);
      open.set(window, { view, lapse: clock.after(LEASE_MS * clock.speed, () => leave(window)) });
      for (const [oldest] of open) if (open.size > MOST_WINDOWS) forget(oldest);
      arrange();
      return columnKeys(view).map(({ key }) => columns.get(key)?.id ?? '');
    },
    leave,
    get selected() {
      return selected;
    },
    get scans() {
      return scans;
    },
    get columns() {
      return [...columns.values()];
    },
    stop() {
      for (const { lapse } of open.values()) lapse();
      open.clear();
    },
  };
}

interface Keyed {
  readonly size: number;
  has(key: string): boolean;
  keys(): Iterable<string>;
}

const sameKeys = (a: Keyed, b: Keyed): boolean => a.size === b.size && [...a.keys()].every((key) => b.has(key));
