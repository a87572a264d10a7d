import { createContext } from 'svelte';
import { spanOf, type View } from '../../charts/view.ts';

/** What charts of one window show each other: the moment that one is read at, and the stretch of time that is in view. */
export class LinkedCharts {
  crosshair = $state.raw<{ readonly t: number; readonly by: string } | null>(null);
  time = $state.raw<{ readonly view: View; readonly by: string } | null>(null);
}

export const [getLinkedCharts, setLinkedCharts] = createContext<LinkedCharts>();

/** Two views show the same: of live ones, which follow clocks of venues that differ by moments, the length counts. */
export function isSameView(a: View, b: View): boolean {
  if (a.live && b.live) return Math.abs(spanOf(a) - spanOf(b)) < 1000;
  return a.live === b.live && a.from === b.from && a.to === b.to;
}
