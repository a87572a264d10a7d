import type { Attachment } from 'svelte/attachments';

/** A text that changes more often than this does not fade at every change: the screen would never come to rest. */
const CALM_MS = 4000;

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
        const style = getComputedStyle(element);
        const duration = Number.parseFloat(style.getPropertyValue('--fade'));
        if (duration > 0 && isCalm) {
          element.animate([{ backgroundColor: style.getPropertyValue('--flash') }, { backgroundColor: 'transparent' }], {
            duration,
            easing: 'ease-out',
          });
        }
      }
      before = text;
    });
  };
}
