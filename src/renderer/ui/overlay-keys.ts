/** True while the person types into a field: single keys then mean letters. A box that is ticked takes none. */
export function isTyping(target: EventTarget | null): boolean {
  // Elements of another window are of no class of this one: what they can do is asked instead.
  if (target === null || !('matches' in target)) return false;
  const element = target as HTMLElement;
  return element.isContentEditable || element.matches('input:not([type=checkbox], [type=radio]), textarea, select');
}

/** Puts the focus back, whichever window the element stands in. */
export function giveFocus(element: Element | null): void {
  if (element !== null && 'focus' in element) (element as HTMLElement).focus();
}
