import { MOST_WINDOWS } from '#bridge/workspace.ts';
import type { OwnWindow } from '#bridge/layout.ts';
import { showUnseen } from '../ui/show-unseen.ts';
import type { PanelHost } from './host.svelte.ts';
import { clampedWindow } from './layout.ts';

/** What stands in a window of its own: a panel, or the chart of one instrument. */
export type Own = Pick<OwnWindow, 'panel' | 'instrument'>;
interface Open {
  readonly own: Own;
  readonly window: Window;
}
const open = new Map<string, Open>();
/** The page itself goes, and its windows with it: that they close is not the person's doing. */
let isLeaving = false;

const FIRST = { width: 900, height: 640 };
const nameOf = ({ panel, instrument }: Own): string => (instrument === undefined ? panel : `${panel} ${instrument}`);

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** The part of the screen that windows may take, of the screen that the page stands on. */
const screenOf = ({ screen }: Window): Box => ({
  // `availLeft` and `availTop` are in every browser that has windows, and in no standard.
  x: 'availLeft' in screen ? Number(screen.availLeft) : 0,
  y: 'availTop' in screen ? Number(screen.availTop) : 0,
  width: screen.availWidth,
  height: screen.availHeight,
});
const boxOf = ({ screenX, screenY, outerWidth, outerHeight }: Window): Box => ({
  x: screenX,
  y: screenY,
  width: outerWidth,
  height: outerHeight,
});

/** The windows that stand open, each where it stands. */
export const standing = (): OwnWindow[] =>
  [...open.values()].flatMap(({ own, window: popup }) => (popup.closed ? [] : [{ ...own, ...boxOf(popup) }]));

/** Puts every window that stands open onto the screen that the page stands on. */
export function gatherWindows(): void {
  const screen = screenOf(window);
  [...open.values()].forEach(({ window: popup }, i) => {
    const { width, height } = boxOf(popup);
    const { x, y, ...size } = clampedWindow({ x: screen.x + 40 + 32 * i, y: screen.y + 40 + 32 * i, width, height }, screen);
    if (size.width !== width || size.height !== height) popup.resizeTo(size.width, size.height);
    popup.moveTo(x, y);
    popup.focus();
  });
}

/**
 * A part of the terminal in a window of its own, where it stood the last time (`at`). The page of that window is empty and has no
 * script: `fill` mounts into its document, so there is one program, one state and one clock; it returns the end of that. A window
 * that is open comes in front. False: it could not be opened, which is said.
 */
export function openWindow(host: PanelHost, own: Own, fill: (page: Document) => () => void, at: Box | null = null): boolean {
  const { app } = host;
  const name = nameOf(own);
  const known = open.get(name);
  if (known && !known.window.closed) {
    known.window.focus();
    return true;
  }
  // One that was closed before its page had come has told of nothing.
  for (const [other, { window: popup }] of open) if (popup.closed) open.delete(other);
  if (open.size >= MOST_WINDOWS) {
    app.toasts.show('notice', `At most ${MOST_WINDOWS} windows can stand beside this one`, 'Close one of them first.');
    return false;
  }
  const { width, height } = at ?? FIRST;
  const place = at === null ? '' : `,left=${Math.round(at.x)},top=${Math.round(at.y)}`;
  const popup = window.open('/popout.html', `perpscope-${name}`, `popup,width=${Math.round(width)},height=${Math.round(height)}${place}`);
  if (!popup) {
    app.toasts.show('notice', 'The browser did not allow a new window', 'Allow pop-ups for this page, then try again.');
    return false;
  }
  open.set(name, { own, window: popup });
  let empty: (() => void) | null = null;
  const settle = (): void => {
    if (empty || popup.location.pathname !== '/popout.html') return;
    const page = popup.document;
    for (const style of document.head.querySelectorAll('link[rel="stylesheet"], style')) page.head.append(page.importNode(style, true));
    showUnseen(page);
    empty = fill(page);
    popup.addEventListener('pagehide', close, { once: true });
    host.keepWindows(standing());
  };
  const close = (): void => {
    open.delete(name);
    window.removeEventListener('pagehide', shut);
    empty?.();
    empty = null;
    if (!isLeaving) host.keepWindows(standing());
  };
  const shut = (): void => {
    isLeaving = true;
    popup.close();
  };
  window.addEventListener('pagehide', shut);
  popup.addEventListener('load', settle, { once: true });
  return true;
}
