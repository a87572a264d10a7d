import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = 'src/renderer';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:css|svelte|ts)$/u.test(name))
  .map((name) => readFileSync(join(root, name), 'utf8'));
const declared = (text: string): string[] => [...text.matchAll(/^\s*(--[a-z][a-z0-9-]*):/gmu)].map(([, name = '']) => name);
/** In a style, or by its name in a script. */
const isUsed = (name: string, text: string): boolean =>
  text.includes(`var(${name})`) || text.includes(`var(${name},`) || text.includes(`'${name}'`);
const unused = (texts: readonly string[], readers: readonly string[] = []): string[] =>
  [...new Set(texts.flatMap(declared))].filter((name) => ![...texts, ...readers].some((text) => isUsed(name, text)));
/** Reads what our style of the workspace sets for it. */
const dockview = readFileSync('node_modules/dockview/dist/styles/dockview.css', 'utf8');

test('every token of the styles is used', () => {
  expect(files.flatMap(declared).length).toBeGreaterThan(50);
  expect(unused(files, [dockview])).toEqual([]);
});

test('one that is not is found, also beside a longer name that is used', () => {
  expect(unused([':root {\n  --band: red;\n  --band-edge: blue;\n}', 'a { color: var(--band-edge); }'])).toEqual(['--band']);
});
