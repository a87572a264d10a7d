import { mount, unmount } from 'svelte';
import type { PanelHost } from '../../panels/host.svelte.ts';
import { openWindow } from '../../panels/open-window.ts';
import PopoutPanel from './PopoutPanel.svelte';

/** The chart of one instrument in a window of its own. */
export function popOutChart(host: PanelHost, instrument: string): void {
  openWindow(host, instrument, (page) => {
    const panel = mount(PopoutPanel, { target: page.body, props: { host, instrument } });
    return () => void unmount(panel);
  });
}
