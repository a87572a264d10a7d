import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS } from '#domain/metrics/index.ts';
import { metricsPage } from '../../../../build/docs-metrics.ts';

test('docs/metrics.md is what the registered metrics say (else: npm run docs:metrics)', async () => {
  const page = await metricsPage();
  for (const { name } of METRICS) expect(page).toContain(`\`${name}\``);
  expect(readFileSync(resolve(import.meta.dirname, '../../../../docs/metrics.md'), 'utf8')).toBe(page);
});
