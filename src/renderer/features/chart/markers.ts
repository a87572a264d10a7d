/** Something that stands on the chart at a moment: the hook for what other panels know of an instrument. */
export interface ChartMarker {
  readonly id: string;
  /** UTC epoch ms. */
  readonly t: number;
  /** One letter. */
  readonly sign: string;
  readonly title: string;
  readonly open: () => void;
}

/** Several of them at one place. */
export interface MarkerGroup {
  readonly id: string;
  readonly x: number;
  readonly sign: string;
  readonly title: string;
  readonly open: () => void;
}

const NEAR_PX = 17;
const MOST_LINES = 8;

/** Those that would cover each other stand as one, with their number; it opens the first. */
export function groupMarkers(markers: readonly ChartMarker[], xOf: (t: number) => number): MarkerGroup[] {
  const groups: ChartMarker[][] = [];
  for (const marker of markers.toSorted((a, b) => a.t - b.t)) {
    const last = groups.at(-1);
    if (last?.[0] && xOf(marker.t) - xOf(last[0].t) < NEAR_PX) last.push(marker);
    else groups.push([marker]);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const titles = group.slice(0, MOST_LINES).map(({ title }) => title);
    const rest = group.length - titles.length;
    const title = [...titles, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
    const sign = group.length === 1 ? first.sign : group.length > 9 ? '9+' : String(group.length);
    return [{ id: first.id, x: xOf(first.t), sign, title, open: first.open }];
  });
}
