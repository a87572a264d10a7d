import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

test('every dependency has its reason in docs/decisions/dependencies.md, and no reason is left over', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  const named = [...read('docs/decisions/dependencies.md').matchAll(/^\| `([^`]+)`\s+\|/gmu)].map((match) => match[1]);
  expect(named.toSorted()).toEqual(Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).toSorted());
});

test('every npm script that the documents name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const text = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md'].map(read).join('\n');
  const called = [...text.matchAll(/npm run (?:-s )?([a-z:]+)/gu)].map((match) => match[1] ?? '');
  expect(called.length).toBeGreaterThan(3);
  expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test('every file that the documents link to is there', () => {
  const links = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/guide.md'].flatMap((file) =>
    [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/gu)].map((match) => join(dirname(file), match[1] ?? '').replaceAll('\\', '/')),
  );
  expect(links).toContain('docs/screenshot.png');
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});

test('every file that a document names in code is there', () => {
  const all = ['src', 'test', 'build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  const named = ['ARCHITECTURE.md', 'README.md', 'docs/alerts.md', 'docs/collect.md', 'docs/definitions.md'].flatMap((page) =>
    [...read(page).matchAll(/`([\w./-]+\.(?:ts|svelte))`/gu)].map((match) => match[1] ?? ''),
  );
  expect(named).toContain('row-walk.ts');
  // A name alone, or the end of a path: `alerts/rule-line.ts`.
  expect(named.filter((name) => !all.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual([]);
});
