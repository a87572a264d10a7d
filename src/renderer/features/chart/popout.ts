import { mount, unmount } from 'svelte';
import type { PanelHost } from '../../panels/host.svelte.ts';
import { ownWindow } from '../../panels/own-window.ts';
import PopoutPanel from './PopoutPanel.svelte';

/** The chart of one instrument in a window of its own. */
export function popOutChart(host: PanelHost, instrument: string): void {
  ownWindow(host, instrument, (page) => {
    const panel = mount(PopoutPanel, { target: page.body, props: { host, instrument } });
    return () => void unmount(panel);
  });
}
