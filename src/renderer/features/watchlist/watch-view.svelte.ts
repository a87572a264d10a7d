import { untrack } from 'svelte';
import type { WatchRow } from '#bridge/contract.ts';
import { groupsOf } from '#domain/sections.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { type CellContext, type Column, type ColumnKey, columnsOf } from './columns.ts';
import { groupedLines, isHead, type Line, linesOf, shiftPlace } from './lines.ts';
import { cutColumns, fitted } from './fit.ts';
import { removeAll } from './edits.ts';
import { found, openWords, queryOf } from './filtering.ts';
import { type Entry, inOrderOfNames, leftOutWords, OLD_MS, type Sort, sorted } from './order.ts';

/** The active list as it is looked at: filtered, in an order, scrolled, with a chosen column. */
export class WatchView {
  filter = $state('');
  activeColumn = $state<ColumnKey | null>(null);
  hovered = $state.raw<{ row: WatchRow; column: ColumnKey } | null>(null);
  scroller = $state<HTMLElement>();
  scrollTop = $state(0);
  /** The header follows the rows sideways. */
  scrollLeft = $state(0);
  height = $state(0);
  /** Px that rows have, beside the scrollbar. */
  width = $state(0);
  /** The heading whose name is being typed. */
  naming = $state<number | null>(null);
  /** Rows that are marked, to do something with all of them; and the row that a stretch of them begins at. */
  #marked = $state.raw<{ readonly list: string; readonly ids: ReadonlySet<string> }>({ list: '', ids: new Set() });
  #anchor: string | null = null;
  /** Rows that are being dragged. */
  dragged = $state.raw<readonly string[]>([]);
  /** Headings of lists whose rows are not shown, as `keyOf` names them. */
  #collapsed = $state.raw<ReadonlySet<string>>(new Set());
  readonly #app: AppState;

  readonly rowHeight = $derived.by(() => ({ compact: 24, normal: 28, roomy: 32 })[this.#app.settings?.density ?? 'normal']);
  readonly columns = $derived.by(() => columnsOf(this.#app.workspace.columns, this.#app.cellNames, this.isScan));
  /** How they stand in the width that there is. */
  readonly fit = $derived(fitted(this.columns, this.width));
  /** Those of them that stand in sight in part alone. */
  readonly cut = $derived(cutColumns(this.fit, this.scrollLeft, this.width));
  readonly list = $derived.by(() => this.#app.list);
  /** Everything that the venues which are on list, in the place of a list. */
  readonly isScan = $derived.by(() => this.#app.isScan);
  readonly selected = $derived.by(() => this.#app.shown.selected);
  /** Of before: an entry whose row is the same stays the same object, so that the page looks at the changed ones alone. */
  #known: ReadonlyMap<string, Entry> = new Map();
  readonly entries = $derived.by(() => {
    const entries = this.isScan
      ? this.#everything()
      : (this.list?.items ?? []).map((id) => this.#entryOf(id, this.#app.rows.get(id) ?? null));
    this.#known = new Map(entries.map((entry) => [entry.id, entry]));
    return entries;
  });
  #entryOf(id: string, row: WatchRow | null): Entry {
    const known = this.#known.get(id);
    return known?.row === row ? known : { id, row };
  }
  /** All rows, looked at once a second: thousands are not put in an order with every event. What stands in sight is drawn as it comes. */
  readonly #listed = $derived.by(() => {
    const app = this.#app;
    const now = (): WatchRow[] => [...app.rows.values(), ...app.scan.rows.values()];
    return { at: app.clock.now, rows: untrack(now) };
  });
  #everything(): Entry[] {
    const app = this.#app;
    const on = new Set(app.health.filter(({ state }) => state !== 'off').map(({ id }) => id));
    const isThere = ({ status, instrument }: WatchRow): boolean => status === 'live' && (app.isPast || on.has(instrument.venue));
    const rows = app.isPast ? [...app.rows.values()] : this.#listed.rows;
    return inOrderOfNames(rows.filter(isThere).map((row) => this.#entryOf(row.instrument.id, row)));
  }
  readonly #minute = $derived.by(() => Math.floor(this.#app.clock.now / 60_000));
  readonly query = $derived(queryOf(this.filter, this.columns, this.entries.find(({ row }) => row !== null)?.row ?? null));
  readonly #found = $derived.by(() => {
    const { unit, zone, clock } = this.#app;
    const atLeast = this.query.isOfTime ? clock.now : this.#minute * 60_000;
    return found(this.entries, this.query, (id) => ({
      ...{ unit, zone, alerts: [], showsLater: false },
      now: Math.max(atLeast, this.#app.readTimeAt(id)),
      venueName: (venue) => this.#app.venueName(venue),
    }));
  });
  readonly #ranking = $derived.by(() => {
    // Values grow old for the order no faster than that: not every second is sorted anew.
    const atLeast = this.#minute * 60_000;
    const now = (id: string): number => Math.max(atLeast, this.#app.readTimeAt(id));
    return sorted(this.#found.entries, this.sort, this.columns, now, this.sorts.slice(1));
  });
  /** Rows and, in the list's own order, its headings. */
  readonly lines = $derived.by((): readonly Line[] =>
    this.groupBy !== null
      ? this.#grouped(this.groupBy)
      : this.list && this.manualOrder
        ? linesOf(this.list, this.#ranking.entries, (name) => this.isCollapsed(name))
        : this.#ranking.entries,
  );
  #grouped(by: 'asset' | 'venue'): readonly Line[] {
    const app = this.#app;
    const rateOf = ({ id, row }: Entry): number | null =>
      row === null || row.observedAt === null || app.readTimeAt(id) - row.observedAt > OLD_MS ? null : row.f;
    const groupOf = ({ row }: Entry): string | null =>
      row === null ? null : by === 'asset' ? row.instrument.asset : app.venueName(row.instrument.venue);
    return groupedLines(this.#ranking.entries, groupOf, rateOf, (name) => this.isCollapsed(name));
  }

  readonly shown = $derived(this.lines === this.#ranking.entries ? this.#ranking.entries : this.lines.filter((line) => !isHead(line)));
  /** How many rows the filter and the order leave out, and why. */
  readonly leftOut = $derived([openWords(this.#found), leftOutWords(this.#ranking)].filter((words) => words !== null).join('; ') || null);
  /** Of an older version's column it sorts by none. */
  readonly sorts = $derived.by((): readonly Sort[] => {
    const { sort, thenBy } = this.#app.shown;
    return [...(sort ? [sort] : []), ...thenBy].flatMap(({ key, descending, size }) => {
      const column = this.columns.find((one) => one.key === key);
      return column ? { key: column.key, descending, ...(size && { size }) } : [];
    });
  });
  readonly sort = $derived(this.sorts[0] ?? null);
  readonly groupBy = $derived.by(() => this.#app.shown.groupBy);
  readonly manualOrder = $derived(!this.isScan && this.groupBy === null && this.sort === null && this.filter === '');
  // Only what is in sight is in the page, with a few rows to spare: 500 rows cost what 30 do.
  readonly first = $derived(Math.max(0, Math.floor(this.scrollTop / this.rowHeight) - 4));
  readonly visible = $derived.by(() => {
    const lines = this.lines.slice(this.first, this.first + Math.ceil(this.height / this.rowHeight) + 8);
    return lines.map((line) => (isHead(line) ? line : this.#entryOf(line.id, this.#app.rowOf(line.id))));
  });
  /** What the cell under the pointer, or the chosen one, says. */
  readonly explained = $derived.by(() => {
    if (this.hovered) {
      const { row, column } = this.hovered;
      const { id } = row.instrument;
      return this.columnOf(column)?.explain(this.#app.rowOf(id) ?? row, this.contextOf(id));
    }
    const row = this.#app.selectedRow;
    return row && this.activeColumn ? this.columnOf(this.activeColumn)?.explain(row, this.contextOf(row.instrument.id)) : '';
  });

  /** Of the header, by which the grid owns it. */
  readonly headId: string;

  constructor(app: AppState, headId: string) {
    this.#app = app;
    this.headId = headId;
  }

  columnOf(key: ColumnKey): Column | undefined {
    return this.columns.find((column) => column.key === key);
  }

  /** Each is read when a cell asks for it: of all cells of a row only those that tell the time are told anew every second. */
  contextOf(id: string): CellContext {
    const app = this.#app;
    return {
      get unit() {
        return app.unit;
      },
      get zone() {
        return app.zone;
      },
      get now() {
        return app.timeAt(id);
      },
      venueName: (venue) => app.venueName(venue),
      get alerts() {
        return app.alerts.active.get(id) ?? [];
      },
      get showsLater() {
        return app.past.isVenueTime;
      },
    };
  }

  indexOf(id: string | null): number {
    return this.shown.findIndex((entry) => entry.id === id);
  }

  /** Those of the list that is shown; what the filter hides is not among them. */
  readonly marked = $derived.by((): ReadonlySet<string> => {
    const { list, ids } = this.#marked;
    if (ids.size === 0 || list !== this.#listKey) return new Set();
    return new Set(this.#ranking.entries.map(({ id }) => id).filter((id) => ids.has(id)));
  });
  /** What an action is about: the marked rows, in their order, else the selected one. */
  readonly chosen = $derived.by((): readonly string[] => {
    if (this.marked.size > 0) return this.#ranking.entries.map(({ id }) => id).filter((id) => this.marked.has(id));
    return this.selected !== null && this.indexOf(this.selected) >= 0 ? [this.selected] : [];
  });
  readonly #listKey = $derived(this.isScan ? 'everything' : (this.list?.id ?? ''));

  #mark(ids: Iterable<string>): void {
    this.#marked = { list: this.#listKey, ids: new Set(ids) };
  }
  /** Marks the row, or takes its mark away. */
  toggleMark(id: string): void {
    const ids = new Set(this.marked);
    if (!ids.delete(id)) ids.add(id);
    this.#anchor = id;
    this.#mark(ids);
  }
  /** Marks all from the row that was marked or selected last up to this one. */
  markTo(id: string): void {
    const from = this.indexOf(this.#anchor ?? this.selected);
    const to = this.indexOf(id);
    if (to < 0) return;
    const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    this.#anchor ??= this.selected ?? id;
    this.#mark([...this.marked, ...this.shown.slice(first, last + 1).map((entry) => entry.id)]);
  }
  markAll(): void {
    this.#mark(this.shown.map(({ id }) => id));
  }
  /** False where nothing was marked. */
  clearMarks(): boolean {
    const had = this.marked.size > 0;
    this.#anchor = null;
    this.#mark([]);
    return had;
  }

  /** Which line an instrument stands in, headings counted. */
  lineOf(id: string | null): number {
    return this.lines.findIndex((line) => line.id === id);
  }

  /** Under which heading of the list an instrument stands; -1: before the first. */
  sectionOf(id: string): number {
    return this.list ? groupsOf(this.list).findIndex(({ items }) => items.includes(id)) - 1 : -1;
  }

  isCollapsed(name: string): boolean {
    return this.#collapsed.has(`${this.#listKey} ${name}`);
  }

  toggle(name: string): void {
    const key = `${this.#listKey} ${name}`;
    this.#collapsed = new Set(this.#collapsed.has(key) ? [...this.#collapsed].filter((one) => one !== key) : [...this.#collapsed, key]);
  }

  /** Brings an instrument into sight, where the list shows it. */
  reveal(id: string | null): void {
    const index = this.lineOf(id);
    if (index >= 0) this.#reveal(index);
  }

  focus(): void {
    this.scroller?.focus();
  }

  /** Selects the row at an index, or the nearest there is. */
  pick(index: number): void {
    const at = Math.max(0, Math.min(this.shown.length - 1, index));
    const entry = this.shown[at];
    if (!entry) return;
    this.#app.select(entry.id);
    this.reveal(entry.id);
  }

  /** Moves the chosen column; left of the first there is none. */
  pickColumn(by: number): void {
    const keys = this.fit.columns.map(({ key }) => key);
    const index = this.activeColumn === null ? -1 : keys.indexOf(this.activeColumn);
    const next = Math.min(keys.length - 1, index + by);
    this.activeColumn = next < 0 ? null : (keys[next] ?? null);
  }

  /** Rows that fit, but for one that stays in sight. */
  pageRows(): number {
    return Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
  }

  /** Moves an instrument in the list's own order. */
  shift(id: string, by: number): void {
    const { list } = this;
    if (!list || !this.manualOrder) return;
    const place = shiftPlace(list, id, by < 0 ? -1 : 1);
    if (place === null) return;
    void this.#app.move(list.id, id, place.to, place.section);
    this.reveal(id);
  }

  /** Takes instruments out of the list; where the selected one is among them its neighbour is selected. */
  remove(ids: readonly string[]): void {
    const { list, selected } = this;
    if (!list || ids.length === 0) return;
    const index = this.indexOf(selected);
    const stays = ({ id }: Line): boolean => !ids.includes(id);
    const neighbour = this.shown.slice(index + 1).find(stays) ?? this.shown.slice(0, Math.max(0, index)).findLast(stays);
    void removeAll(this.#app, list, ids).then((done) => {
      if (done) this.clearMarks();
      if (done && selected !== null && ids.includes(selected) && neighbour) this.#app.select(neighbour.id);
    });
  }

  #reveal(index: number): void {
    const { scroller, rowHeight } = this;
    if (!scroller) return;
    const top = index * rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + rowHeight - scroller.clientHeight;
  }
}
