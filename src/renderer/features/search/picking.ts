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

/** The first entry from `from` on that is not taken yet, else from the start; `from` where all are taken. */
export function nextOpen(taken: readonly boolean[], from: number): number {
  const after = taken.indexOf(false, from);
  const any = after >= 0 ? after : taken.indexOf(false);
  return any >= 0 ? any : from;
}
