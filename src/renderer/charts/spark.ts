import { HOUR_MS } from '#domain/time.ts';
import { binExtremes } from './decimate.ts';
import { allRects, extentOf, maxAbs } from './divergence-shape.ts';
import { toneColor, type Tokens } from './tokens.ts';

/** A sparkline has no axis: its height is a quarter of the band at least. */
const LEAST_SHARE = 0.25;

/** The last 168 hours of D (oldest first) on their band, width x height CSS px. */
export interface Drawing {
  readonly spark: Float64Array;
  readonly theta: number;
  readonly tokens: Tokens;
  readonly width: number;
  readonly height: number;
}

/** No value (NaN) is the same as no value. */
export const isSameDrawing = (a: Drawing, b: Drawing): boolean =>
  a.theta === b.theta &&
  a.tokens === b.tokens &&
  a.width === b.width &&
  a.height === b.height &&
  a.spark.length === b.spark.length &&
  a.spark.every((d, i) => Object.is(d, b.spark[i]));

export function drawSpark(canvas: HTMLCanvasElement, { spark, theta, tokens, width, height }: Drawing): void {
  const scale = canvas.ownerDocument.defaultView?.devicePixelRatio ?? 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const hours = spark.length;
  const time = Float64Array.from(spark, (_, i) => (i + 1) * HOUR_MS);
  const extent = extentOf(maxAbs(spark), theta, LEAST_SHARE);
  const toX = (t: number): number => (t / (Math.max(1, hours) * HOUR_MS)) * width;
  const toY = (d: number): number => height / 2 - (d / extent) * (height / 2 - 0.5);
  if (theta <= extent) {
    context.fillStyle = tokens.band;
    context.fillRect(0, toY(theta), width, toY(-theta) - toY(theta));
  }
  context.fillStyle = tokens.line2;
  context.fillRect(0, Math.round(height / 2) - 0.5, width, 1);
  const bins = binExtremes(time, spark, 0, hours * HOUR_MS, width, HOUR_MS);
  for (const rect of allRects(bins, theta, toX, toY, () => 0)) {
    context.fillStyle = toneColor(tokens, rect.tone);
    context.fillRect(rect.x, rect.y, rect.width, rect.height);
  }
}
