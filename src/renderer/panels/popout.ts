import { mount, unmount } from 'svelte';
import type { OwnWindow } from '#bridge/layout.ts';
import type { PanelHost } from './host.svelte.ts';
import { openWindow } from './open-window.ts';
import type { Panel } from './panel.ts';
import PopoutView from './PopoutView.svelte';

/** A panel of the register in a window of its own, beside the one that stands on the page. */
export function popOut(host: PanelHost, panel: Panel, at: OwnWindow | null = null): boolean {
  if (panel.popOut) return panel.popOut(host, at);
  return openWindow(
    host,
    { panel: panel.id },
    (page) => {
      const view = mount(PopoutView, { target: page.body, props: { host, panel } });
      return () => void unmount(view);
    },
    at,
  );
}
