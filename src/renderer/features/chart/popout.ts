import { mount, unmount } from 'svelte';
import type { OwnWindow } from '#bridge/layout.ts';
import type { PanelHost } from '../../panels/host.svelte.ts';
import { openWindow } from '../../panels/open-window.ts';
import { CHART } from './keys.ts';
import PopoutPanel from './PopoutPanel.svelte';

/** The chart of one instrument in a window of its own. */
export function popOutChart(host: PanelHost, instrument: string, at: OwnWindow | null = null): boolean {
  return openWindow(
    host,
    { panel: CHART, instrument },
    (page) => {
      const panel = mount(PopoutPanel, { target: page.body, props: { host, instrument } });
      return () => void unmount(panel);
    },
    at,
  );
}

/** Of the window that stood open, or else of the chart that was looked at last. */
export function popOutCurrent(host: PanelHost, at: OwnWindow | null): boolean {
  const instrument = at?.instrument ?? host.instrumentOf(host.dock.params[host.currentOf(CHART)]?.link ?? null);
  return instrument === null ? false : popOutChart(host, instrument, at);
}
