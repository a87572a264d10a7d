/** The part of a line of parts that is drawn: [first, end), with the px that lie before and after it. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

/** Which parts lie in `room` px from `from` on, with `spare` px beside them on both sides. */
export function stretchOf(sizes: readonly number[], from: number, room: number, spare: number): Stretch {
  let [first, end] = [-1, 0];
  let [before, after, at] = [0, 0, 0];
  for (const [i, size] of sizes.entries()) {
    const isIn = at + size > from - spare && at < from + room + spare;
    if (isIn) {
      if (first < 0) first = i;
      end = i + 1;
    } else if (first < 0) before += size;
    else after += size;
    at += size;
  }
  return first < 0 ? { first: sizes.length, end: sizes.length, before, after: 0 } : { first, end, before, after };
}

/** Where one is to scroll to so that a part lies in view, or its beginning where there is no room for all of it; null: it does. */
export function scrollTo(sizes: readonly number[], part: number, from: number, room: number): number | null {
  const start = sizes.slice(0, part).reduce((sum, size) => sum + size, 0);
  const size = sizes[part] ?? 0;
  if (start < from) return start;
  return start + size > from + room ? Math.min(start, start + size - room) : null;
}
