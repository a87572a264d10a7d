/** Where the two panes stand inside the chart's element, in px. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly funding: Box;
  readonly divergence: Box;
}

const LEFT = 12;
const RIGHT = 76;
const TOP = 10;
const BETWEEN = 30;
const BOTTOM = 24;

export function layoutOf(width: number, height: number): Layout {
  const inner = Math.max(40, width - LEFT - RIGHT);
  const rest = Math.max(60, height - TOP - BETWEEN - BOTTOM);
  const upper = Math.round(rest * 0.54);
  return {
    width,
    height,
    funding: { left: LEFT, top: TOP, width: inner, height: upper },
    divergence: { left: LEFT, top: TOP + upper + BETWEEN, width: inner, height: rest - upper },
  };
}
