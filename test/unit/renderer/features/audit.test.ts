import { expect, test } from 'vitest';
import { findMetric } from '#domain/metrics/index.ts';
import { windowText } from '#renderer/features/metrics/audit.ts';

const window = { from: 0, to: 3_600_000, need: 720, n: 87, gaps: 0 };

test('what a window asks for says whether it is values or hours', () => {
  const text = (name: string, params: Record<string, number>) => windowText(window, findMetric(name), params, 'utc');
  expect(text('cumulative-funding', { days: 30 })).toMatch(/^87 values used, 720 h of history needed; no gaps;/u);
  expect(text('spike', { days: 60 })).toMatch(/^87 values used, 720 needed; no gaps;/u);
});
