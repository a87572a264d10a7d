import { LINKS } from '#bridge/layout.ts';
import type { MenuEntry } from '../ui/menu.ts';
import type { Direction } from './dock.svelte.ts';
import type { PanelHost } from './host.svelte.ts';
import { kindOf } from './layout.ts';
import type { Command, Panel } from './panel.ts';
import { popOut } from './popout.ts';

/** Px by which a command makes a panel larger or smaller. */
const STEP_PX = 40;
const DIRECTIONS = ['left', 'right', 'up', 'down'] as const satisfies readonly Direction[];
const ARROWS = { left: 'ArrowLeft', right: 'ArrowRight', up: 'ArrowUp', down: 'ArrowDown' } as const;

const panelOf = (host: PanelHost, id: string): Panel | undefined => host.panels.find((panel) => panel.id === kindOf(id));

/** Puts a panel that floats back where its place is. */
function dockBack(host: PanelHost, id: string): void {
  const { params } = host.dock;
  host.dock.remove(id);
  host.bringForward(id);
  host.dock.setParams(id, params[id] ?? {});
}

function toggleParam(host: PanelHost, id: string, name: 'crosshair' | 'time'): void {
  const { [name]: isOn, ...rest } = host.dock.params[id] ?? {};
  host.dock.setParams(id, isOn === true ? rest : { ...rest, [name]: true });
}

/** What can be done with the panel that was looked at last. */
export function dockCommands(host: PanelHost): Command[] {
  const { dock } = host;
  const id = dock.active;
  const panel = id === null ? undefined : panelOf(host, id);
  const steps: Command[] = [
    { id: 'next-panel', title: 'Next panel', keys: 'F6', everywhere: true, run: () => void host.focusNext(1) },
    { id: 'previous-panel', title: 'Previous panel', keys: 'Shift+F6', everywhere: true, run: () => void host.focusNext(-1) },
  ];
  if (id === null || panel === undefined) return steps;
  const { title } = panel;
  const isFloating = dock.floating.has(id);
  return [
    ...steps,
    isFloating
      ? { id: 'panel-dock', title: `${title}: dock it again`, run: () => dockBack(host, id) }
      : { id: 'panel-float', title: `${title}: float over the others`, run: () => dock.float(id) },
    ...DIRECTIONS.map((direction): Command => ({
      id: `panel-move-${direction}`,
      title: `${title}: move ${direction}`,
      keys: `Alt+Shift+${ARROWS[direction]}`,
      run: () => dock.push(id, direction),
    })),
    ...DIRECTIONS.map((direction): Command => ({
      id: `panel-split-${direction}`,
      title: `${title}: split ${direction}`,
      when: () => dock.besides(id).length > 1,
      run: () => dock.split(id, direction),
    })),
    { id: 'panel-wider', title: `${title}: wider`, run: () => dock.stretch(id, { width: STEP_PX }) },
    { id: 'panel-narrower', title: `${title}: narrower`, run: () => dock.stretch(id, { width: -STEP_PX }) },
    { id: 'panel-taller', title: `${title}: taller`, run: () => dock.stretch(id, { height: STEP_PX }) },
    { id: 'panel-shorter', title: `${title}: shorter`, run: () => dock.stretch(id, { height: -STEP_PX }) },
    { id: 'panel-close', title: `${title}: close`, run: () => host.close(id) },
    ...(panel.linked === true
      ? [
          { id: 'panel-link-none', title: `${title}: no link colour, follow the selected row`, run: () => host.setLink(id, null) },
          ...LINKS.map((link): Command => ({
            id: `panel-link-${link}`,
            title: `${title}: link colour ${link.toUpperCase()}`,
            run: () => host.setLink(id, link),
          })),
        ]
      : []),
    ...(panel.several === true
      ? [
          { id: 'panel-link-crosshair', title: `${title}: link the crosshair, or not`, run: () => toggleParam(host, id, 'crosshair') },
          { id: 'panel-link-time', title: `${title}: link the time range, or not`, run: () => toggleParam(host, id, 'time') },
        ]
      : []),
  ];
}

/** The menu of a panel's tab. */
export function panelMenu(host: PanelHost, id: string): MenuEntry[] {
  const { dock } = host;
  const panel = panelOf(host, id);
  if (panel === undefined) return [];
  const { link, crosshair, time } = dock.params[id] ?? {};
  return [
    ...(panel.several === true ? [{ text: `Another ${panel.title.toLowerCase()}`, run: () => host.openAnother(panel.id) }] : []),
    dock.floating.has(id)
      ? { text: 'Dock it again', run: () => dockBack(host, id) }
      : { text: 'Float over the others', run: () => dock.float(id) },
    { text: 'In its own window', run: () => void popOut(host, panel) },
    ...(dock.besides(id).length > 1
      ? [
          { text: 'Split to the right', run: () => dock.split(id, 'right') },
          { text: 'Split below', run: () => dock.split(id, 'down') },
        ]
      : []),
    { text: 'Close', keys: 'Del', run: () => host.close(id) },
    ...(panel.linked === true
      ? [
          { heading: 'Link colour: one instrument' },
          { text: 'None: the selected row', checked: link === undefined, run: () => host.setLink(id, null) },
          ...LINKS.map((one) => ({ text: `Colour ${one.toUpperCase()}`, checked: link === one, run: () => host.setLink(id, one) })),
        ]
      : []),
    ...(panel.several === true
      ? [
          { heading: 'With the others so linked' },
          { text: 'Crosshair', checked: crosshair === true, run: () => toggleParam(host, id, 'crosshair') },
          { text: 'Time range', checked: time === true, run: () => toggleParam(host, id, 'time') },
        ]
      : []),
  ];
}
