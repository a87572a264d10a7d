import type { PanelHost } from './host.svelte.ts';

const MOST = 8;
const open = new Map<string, Window>();

/**
 * A part of the terminal in a window of its own. The page of that window is empty and has no script: `fill` mounts into its
 * document, so there is one program, one state and one clock; it returns the end of that. A window that is open comes in front.
 */
export function openWindow({ app }: PanelHost, name: string, fill: (page: Document) => () => void): void {
  const known = open.get(name);
  if (known && !known.closed) {
    known.focus();
    return;
  }
  // One that was closed before its page had come has told of nothing.
  for (const [other, { closed }] of open) if (closed) open.delete(other);
  if (open.size >= MOST) {
    app.toasts.show('notice', `At most ${MOST} windows can stand beside this one`, 'Close one of them first.');
    return;
  }
  const popup = window.open('/popout.html', `perpscope-${name}`, 'popup,width=900,height=640');
  if (!popup) {
    app.toasts.show('notice', 'The browser did not allow a new window', 'Allow pop-ups for this page, then try again.');
    return;
  }
  open.set(name, popup);
  let empty: (() => void) | null = null;
  const settle = (): void => {
    if (empty || popup.location.pathname !== '/popout.html') return;
    const page = popup.document;
    for (const style of document.head.querySelectorAll('link[rel="stylesheet"], style')) page.head.append(page.importNode(style, true));
    empty = fill(page);
    popup.addEventListener('pagehide', close, { once: true });
  };
  const close = (): void => {
    open.delete(name);
    window.removeEventListener('pagehide', shut);
    empty?.();
    empty = null;
  };
  const shut = (): void => popup.close();
  window.addEventListener('pagehide', shut);
  popup.addEventListener('load', settle, { once: true });
}
