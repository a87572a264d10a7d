import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const features = resolve(import.meta.dirname, '../../src/renderer/features');
/** A size of the window, of which a panel may be any part. */
const byWindow = /@media[^{]*(?:width|height|orientation)|<svelte:(?:window|document|body)/u;

test('no panel sizes itself by the window, or listens on it', () => {
  const files = readdirSync(features, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.svelte'));
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => byWindow.test(readFileSync(join(features, file), 'utf8')))).toEqual([]);
});

test.each(['@media (max-width: 600px) {', '@media (width < 600px) {', '<svelte:window onkeydown={close} />'])('%s is seen', (text) => {
  expect(byWindow.test(text)).toBe(true);
});
