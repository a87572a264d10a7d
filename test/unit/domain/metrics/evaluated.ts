import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { explain, type Explanation } from '#domain/metrics/explain.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import { resolveParams } from '#domain/metrics/params.ts';
import { reasonOf, type Reason } from '#domain/metrics/reason.ts';
import { evaluate } from '#domain/metrics/run.ts';

/** Each row's value, or its reason. */
export function results<K extends FrameKind>(
  metric: Metric<K>,
  frame: Frames[K],
  given: Record<string, unknown> = {},
): (number | Reason)[] {
  const { value, reason } = evaluate(metric, resolveParams(metric.params, given), frame);
  return Array.from(value, (x, row) => reasonOf(reason[row]!) ?? x);
}

export const lastOf = <K extends FrameKind>(metric: Metric<K>, frame: Frames[K], given: Record<string, unknown> = {}): number | Reason =>
  results(metric, frame, given).at(-1)!;

export const why = <K extends FrameKind>(
  metric: Metric<K>,
  frame: Frames[K],
  row: number,
  given: Record<string, unknown> = {},
): Explanation => explain(metric, resolveParams(metric.params, given), frame, row);
