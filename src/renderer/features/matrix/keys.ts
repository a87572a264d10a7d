import type { LocalKey } from '../../panels/keys.ts';

/** Moves the focus by so many rows and columns. */
export type Walk = (rows: number, columns: number) => void;

const PAGE = 10;
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

export const matrixKeys: readonly LocalKey<Walk>[] = [
  {
    keys: Object.keys(STEPS),
    does: 'From cell to cell',
    run: (walk, key) => walk(...(STEPS[key] ?? [0, 0])),
  },
];
