import { expect, it } from 'vitest';
import { type Drawing, isSameDrawing } from '#renderer/charts/spark.ts';
import type { Tokens } from '#renderer/charts/tokens.ts';

it('is drawn again for another past, threshold, size or theme, and not for a row that says the same again', () => {
  const tokens = {} as Tokens;
  const drawing: Drawing = { spark: Float64Array.of(1e-5, NaN, -2e-5), theta: 0.0005, tokens, width: 90, height: 20 };
  expect(isSameDrawing(drawing, { ...drawing, spark: Float64Array.of(1e-5, NaN, -2e-5) })).toBe(true);
  const others: Partial<Drawing>[] = [
    { spark: Float64Array.of(1e-5, NaN, -2.1e-5) },
    { spark: Float64Array.of(1e-5, NaN) },
    { theta: 0.0004 },
    { width: 91 },
    { height: 24 },
    { tokens: {} as Tokens },
  ];
  for (const other of others) expect(isSameDrawing(drawing, { ...drawing, ...other })).toBe(false);
});
