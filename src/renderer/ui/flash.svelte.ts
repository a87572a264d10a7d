import type { Attachment } from 'svelte/attachments';

/** Lets an element fade once when its text changes, not when it first appears. */
export function flash(read: () => string): Attachment<HTMLElement> {
  return (element) => {
    let before: string | null = null;
    $effect(() => {
      const text = read();
      if (before !== null && before !== text) {
        const style = getComputedStyle(element);
        const duration = Number.parseFloat(style.getPropertyValue('--fade'));
        if (duration > 0) {
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
