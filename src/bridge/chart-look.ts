import { z } from 'zod';
import { instrumentIdText, metricChoice } from './settings.ts';

/** What may stand on a chart at a moment; each kind can be left out. */
export const MARKS = ['entry', 'interval', 'formula', 'flip', 'settlement', 'alert', 'note'] as const;
export type Mark = (typeof MARKS)[number];

/** Most instruments drawn over the chart's own, and most panes below its lower one. */
export const MOST_OTHERS = 4;
export const MOST_PANES = 6;

/** What a chart draws beside its funding and its lower pane. */
export const chartLook = z.strictObject({
  /** A pane with mark, index and their average stands above. */
  price: z.boolean(),
  /** Hours of the moving average of the mark. */
  averageH: z.int().min(2).max(1000),
  /** Funding of these is drawn over the chart's own. Of another asset each stands for its venue: the chart's asset there. */
  others: z.array(instrumentIdText).max(MOST_OTHERS),
  /** So is the chart's own rate less theirs. */
  spread: z.boolean(),
  panes: z.array(metricChoice).max(MOST_PANES),
  hidden: z.array(z.enum(MARKS)).max(MARKS.length),
});
export type ChartLook = z.infer<typeof chartLook>;

export const defaultLook: ChartLook = { price: true, averageH: 24, others: [], spread: false, panes: [], hidden: [] };
