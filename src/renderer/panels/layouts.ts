import { MOST_LAYOUTS, type NamedLayout } from '#bridge/layout.ts';
import type { PanelHost } from './host.svelte.ts';
import { gatherWindows } from './open-window.ts';
import type { Command } from './panel.ts';

/** Named layouts of this window: each is where the panels stand, with the link colours, pages and the chart's range that belong to it. */

export const windowsText = (n: number): string => (n === 1 ? 'one window' : `${n} windows`);

const withName = (name: string): string => name.trim().slice(0, 40);

export const shownLayout = ({ app }: PanelHost): NamedLayout | null =>
  app.shown.layouts.find(({ id }) => id === app.shown.layoutId) ?? null;

const asItStands = ({ app, dock }: PanelHost): Omit<NamedLayout, 'id' | 'name'> => {
  const { layout, links, range, pane, look, pages } = app.shown;
  return { layout: layout === null ? null : dock.layout(), links, range, pane, look, pages };
};

/** A name that no layout of the window has. */
export function freeLayoutName({ app }: PanelHost): string {
  const names = new Set(app.shown.layouts.map(({ name }) => name));
  for (let n = 1; ; n++) if (!names.has(`Layout ${n}`)) return `Layout ${n}`;
}

/** Keeps what stands under a new name; false where there are too many, which is said. */
export function saveLayout(host: PanelHost, name: string): boolean {
  const { app } = host;
  const { layouts } = app.shown;
  if (layouts.length >= MOST_LAYOUTS) {
    app.toasts.show('notice', `${MOST_LAYOUTS} layouts are the most`, 'Delete one first.');
    return false;
  }
  const ids = new Set(layouts.map(({ id }) => id));
  let n = layouts.length + 1;
  while (ids.has(`l${n}`)) n += 1;
  const made: NamedLayout = { id: `l${n}`, name: withName(name) || freeLayoutName(host), ...asItStands(host) };
  app.show({ layouts: [...layouts, made], layoutId: made.id });
  return true;
}

/** Keeps what stands in the place of what a layout was. */
export function updateLayout(host: PanelHost, id: string): void {
  const { app } = host;
  app.show({ layouts: app.shown.layouts.map((one) => (one.id === id ? { ...one, ...asItStands(host) } : one)), layoutId: id });
}

export function renameLayout({ app }: PanelHost, id: string, name: string): void {
  const given = withName(name);
  if (given !== '') app.show({ layouts: app.shown.layouts.map((one) => (one.id === id ? { ...one, name: given } : one)) });
}

export function deleteLayout({ app }: PanelHost, id: string): void {
  const { layouts, layoutId } = app.shown;
  const at = layouts.findIndex((one) => one.id === id);
  const deleted = layouts[at];
  if (deleted === undefined) return;
  app.show({ layouts: layouts.filter((one) => one.id !== id), layoutId: layoutId === id ? null : layoutId });
  app.toasts.show('notice', `Layout ${deleted.name} deleted`, '', {
    label: 'Undo',
    run: () => app.show({ layouts: app.shown.layouts.toSpliced(at, 0, deleted), layoutId }),
  });
}

/** Shows a named layout as it was kept. */
export function switchLayout(host: PanelHost, id: string): void {
  const { app } = host;
  const found = app.shown.layouts.find((one) => one.id === id);
  if (found === undefined) return;
  const { layout, links, range, pane, look, pages } = found;
  app.show({ layout, links, range, pane, ...(look && { look }), pages, layoutId: id });
  host.arrange(layout);
}

/** Puts the panels where they stand by default; what stood before comes back by one click. */
export function resetLayout(host: PanelHost): void {
  const { app } = host;
  const { layout, layoutId } = app.shown;
  app.show({ layout: null, layoutId: null });
  host.arrange(null);
  if (layout === null) return;
  app.toasts.show('notice', 'The default layout is back', '', {
    label: 'Undo',
    run: () => {
      app.show({ layout, layoutId });
      host.arrange(layout);
    },
  });
}

export function layoutCommands(host: PanelHost): Command[] {
  const shown = shownLayout(host);
  return [
    ...host.app.shown.layouts.map(({ id, name }, i): Command => ({
      id: `layout-${id}`,
      title: `Layout: ${name}`,
      keys: String(i + 1),
      run: () => switchLayout(host, id),
    })),
    { id: 'layout-save', title: 'Layout: save what stands as a new one', run: () => void saveLayout(host, freeLayoutName(host)) },
    ...(shown === null ? [] : [{ id: 'layout-update', title: `Layout: save into ${shown.name}`, run: () => updateLayout(host, shown.id) }]),
    { id: 'gather', title: 'Gather windows: bring all of them onto this screen', run: gatherWindows },
    ...(host.offered.length === 0
      ? []
      : [{ id: 'windows-again', title: `Open ${windowsText(host.offered.length)} again`, run: () => host.openOffered() }]),
    { id: 'layout-reset', title: 'Layout: reset to the default', run: () => resetLayout(host) },
  ];
}
