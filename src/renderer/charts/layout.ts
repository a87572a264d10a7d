/** Where one pane stands inside the chart's element, in px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Null: not shown. */
  readonly price: Box | null;
  readonly funding: Box;
  readonly divergence: Box;
  /** Panes of further metrics, below it. */
  readonly more: readonly Box[];
}

export interface Panes {
  readonly price: boolean;
  readonly more: number;
  /** The uppermost pane has its name above it too. */
  readonly head?: boolean;
}

const LEFT = 12;
const RIGHT = 76;
const TOP = 10;
/** A pane's name stands above it. */
const BETWEEN = 30;
const BOTTOM = 24;

/** Shares of the height. */
const SHARE = { price: 0.32, funding: 0.54, divergence: 0.46, more: 0.36 } as const;
/** So high is a pane of a further metric at least. */
const LEAST_PX = 44;
/** From this height on a pane of prices leaves the other two enough. */
const ROOM_FOR_PRICE_PX = 290;

export const hasRoomForPrice = (height: number): boolean => height >= ROOM_FOR_PRICE_PX;

/** The height that all panes need; a lower place scrolls. */
export const leastHeight = ({ price, more, head = false }: Panes): number =>
  more === 0 ? 0 : (head ? BETWEEN : TOP) + BOTTOM + BETWEEN * (1 + more + Number(price)) + LEAST_PX * (2.6 + more + Number(price));

export function layoutOf(width: number, height: number, { price, more, head = false }: Panes = { price: false, more: 0 }): Layout {
  const inner = Math.max(40, width - LEFT - RIGHT);
  const shares = [...(price ? [SHARE.price] : []), SHARE.funding, SHARE.divergence, ...Array<number>(more).fill(SHARE.more)];
  const first = head ? BETWEEN : TOP;
  const rest = Math.max(60, height - first - BOTTOM - BETWEEN * (shares.length - 1));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  let top = first;
  let left = rest;
  const boxes = shares.map((share, i): Box => {
    const own = i === shares.length - 1 ? left : Math.round((rest * share) / whole);
    const box = { left: LEFT, top, width: inner, height: own };
    top += own + BETWEEN;
    left -= own;
    return box;
  });
  const prices = price ? boxes.shift() : undefined;
  const [funding, divergence, ...further] = boxes;
  if (!funding || !divergence) throw new Error('A chart has two panes at least.');
  return { width, height, price: prices ?? null, funding, divergence, more: further };
}

export const lowestOf = ({ divergence, more }: Layout): Box => more.at(-1) ?? divergence;
