import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { svgOf } from '../../../../src/renderer/charts/picture.ts';
import type { Tokens } from '../../../../src/renderer/charts/tokens.ts';

const { resolve } = createRequire(import.meta.url);
const file = (part: string): Buffer => readFileSync(resolve(`@fontsource-variable/inter/files/inter-${part}-wght-normal.woff2`));
const tokens = { surface0: '#000', text1: '#fff', font: "'Inter Variable', system-ui, sans-serif" } as Tokens;

async function drawn(title: string): Promise<string> {
  const source = {
    structure: () => ({ xAxis: {}, yAxis: {}, series: [{ type: 'line' as const, data: [[1, 2]] }] }),
    data: () => ({}),
  };
  return new TextDecoder().decode(await svgOf({ source, width: 300, height: 200, title, tokens }));
}
/** What is held in it, by the bytes of each face. */
const held = (svg: string): Buffer[] =>
  [...svg.matchAll(/@font-face\{font-family:'Inter Variable';[^}]*?base64,([\w+/=]+)\)/gu)].map(([, body = '']) =>
    Buffer.from(body, 'base64'),
  );

test('a drawing holds the font of its letters, whole, and no more', async () => {
  const plain = await drawn('BTC/USDT divergence');
  expect(held(plain)).toEqual([file('latin')]);
  expect(plain).toContain('>BTC/USDT divergence</text>');
  expect(plain.length).toBeLessThan(80_000);
  expect(held(await drawn('D and \u0394'))).toEqual([file('latin'), file('greek')]);
});
