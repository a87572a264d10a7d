import { mount, unmount } from 'svelte';
import type { AppState } from '../../state/app-state.svelte.ts';
import type { Look } from '../../state/look.svelte.ts';
import PopoutPanel from './PopoutPanel.svelte';

const MOST = 8;
const open = new Map<string, Window>();

/**
 * The chart of one instrument in a window of its own. The page of that window is empty and has no script: this page
 * mounts the panel into its document, so there is one program, one state and one clock.
 */
export function popOut(app: AppState, look: Look, instrument: string): void {
  const known = open.get(instrument);
  if (known && !known.closed) {
    known.focus();
    return;
  }
  if (open.size >= MOST) {
    app.toasts.show('notice', `At most ${MOST} charts can have a window of their own`, 'Close one of them first.');
    return;
  }
  const popup = window.open('/popout.html', `perpscope-${instrument}`, 'popup,width=900,height=640');
  if (!popup) {
    app.toasts.show('notice', 'The browser did not allow a new window', 'Allow pop-ups for this page, then try again.');
    return;
  }
  open.set(instrument, popup);
  let panel: Record<string, unknown> | null = null;
  const settle = (): void => {
    if (panel || popup.location.pathname !== '/popout.html') return;
    const page = popup.document;
    for (const sheet of document.head.querySelectorAll('link[rel="stylesheet"], style')) page.head.append(page.importNode(sheet, true));
    panel = mount(PopoutPanel, { target: page.body, props: { app, look, instrument } });
    popup.addEventListener('pagehide', close, { once: true });
  };
  const close = (): void => {
    open.delete(instrument);
    window.removeEventListener('pagehide', shut);
    if (panel) void unmount(panel);
    panel = null;
  };
  const shut = (): void => popup.close();
  window.addEventListener('pagehide', shut);
  popup.addEventListener('load', settle, { once: true });
}
