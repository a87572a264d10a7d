import type { Attachment } from 'svelte/attachments';

/** A text that changes more often than this does not fade at every change: the screen would never come to rest. */
const CALM_MS = 4000;
/** How it fades is of the theme, and asked for no more often: each question has the page work out its styles anew. */
const ASKED_MS = 1000;

let asked = { at: -Infinity, duration: 0, color: '' };

function fade(now: number, { ownerDocument }: Element): { readonly duration: number; readonly color: string } {
  if (now - asked.at > ASKED_MS) {
    const style = getComputedStyle(ownerDocument.documentElement);
    asked = { at: now, duration: Number.parseFloat(style.getPropertyValue('--fade')), color: style.getPropertyValue('--flash') };
  }
  return asked;
}

/** Lets an element fade once when its text changes, not when it first appears. */
export function flash(read: () => string): Attachment<HTMLElement> {
  return (element) => {
    let before: string | null = null;
    let changedAt = 0;
    $effect(() => {
      const text = read();
      if (before !== null && before !== text) {
        const now = performance.now();
        const isCalm = now - changedAt > CALM_MS;
        changedAt = now;
        const { duration, color } = isCalm ? fade(now, element) : { duration: 0, color: '' };
        if (duration > 0)
          element.animate([{ backgroundColor: color }, { backgroundColor: 'transparent' }], { duration, easing: 'ease-out' });
      }
      before = text;
    });
  };
}
