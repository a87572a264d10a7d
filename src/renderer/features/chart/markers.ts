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
