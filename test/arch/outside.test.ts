/** What a page or an answer could make this program hand to the system (Electron's checklist, 15). */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
/** Electron's shell opens anything that the system has a program for; the package `open` does the same. */
const HANDS_OUT = /\bopenExternal\b|\bopenPath\b|\bshell\s*[,}].*from 'electron'|from 'open'/u;

const handsOut = (): string[] =>
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|mjs|svelte)$/u.test(name) && HANDS_OUT.test(readFileSync(join(root, 'src', name), 'utf8')))
    .map((name) => name.replaceAll('\\', '/'));

test('no address is handed to the system but the launcher’s own file, which it writes itself', () => {
  expect(handsOut()).toEqual(['launch/launch.ts']);
});

test.each(["import { shell } from 'electron';", 'await shell.openExternal(url);', "import open from 'open';"])('%s is seen', (planted) =>
  expect(HANDS_OUT.test(planted)).toBe(true),
);

test('what venues are asked by default is encrypted', () => {
  const plain = readdirSync(join(root, 'src/node/venues'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && /['"`]http:\/\//u.test(readFileSync(join(root, 'src/node/venues', name), 'utf8')),
  );
  expect(plain).toEqual([]);
});
