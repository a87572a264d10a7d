/** The index after a key in a list of `count`: arrows and pages, stopping at the ends. */
export function move(event: KeyboardEvent, index: number, count: number): number {
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
  if (step === undefined) return index;
  event.preventDefault();
  return Math.max(0, Math.min(count - 1, index + step));
}

/** Scrolls an element into its list's sight whenever it becomes the picked one. */
export function keepInSight(element: Element, isPicked: () => boolean): void {
  if (isPicked()) element.scrollIntoView({ block: 'nearest' });
}
