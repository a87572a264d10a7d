import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { parse } from 'svelte/compiler';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { createVenues, EXCHANGES, venueFormulas } from '#node/venues/index.ts';

/**
 * What is one venue's stands in that venue's folder and nowhere else: no string, identifier, import path or text of a page
 * outside the folders is the id or the name of a venue. Comments are for people, and may give an example.
 */
const src = resolve(import.meta.dirname, '../../src');
const folders = readdirSync(join(src, 'node/venues'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['common', 'worker'].includes(entry.name))
  .map(({ name }) => name);

/** Shipped migrations, and examples in help texts: file and the words that it may hold. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // Migrations that have run on people's machines: they never change.
  'node/history/schema.ts': ['binance', 'hyperliquid'],
  // Examples in help texts: an id of an instrument, how tiers are charged.
  'cli/collect-args.ts': ['binance'],
  'cli/evidence-args.ts': ['binance'],
  'cli/metric-args.ts': ['binance', 'bybit'],
  'cli/export.ts': ['binance'],
  'cli/backfill.ts': ['binance', 'hyperliquid'],
  'cli/coverage.ts': ['binance'],
  'cli/import-args.ts': ['binance', 'ccxt'],
  'bridge/settings.ts': ['binance'],
  // The notation of symbols that its users know.
  // Sources of names.
  'domain/aliases.ts': ['binance', 'bitget', 'bitmex', 'ccxt', 'kraken'],
  'domain/copied-symbols.ts': ['ccxt'],
  'renderer/features/watchlist/Watchlist.svelte': ['ccxt'],
  'renderer/features/watchlist/edits.ts': ['ccxt'],
  'bridge/decisions.ts': ['okx', 'hyperliquid'],
};

const venues = createVenues();
/** The first word of a name is the exchange's own ("Binance USD-M"). */
const firstWord = (name: string): string => name.split(' ')[0]?.toLowerCase() ?? '';
const words = new Set(
  [
    ...folders,
    ...Object.keys(venueFormulas()),
    ...venues.flatMap(({ id, name, host }) => [id, host.id, firstWord(name), firstWord(host.name)]),
  ].map((word) => word.toLowerCase()),
);
/** 'gate' is a word of its own; an id written as one ("createBinance", "BYBIT_H", "binanceH") is the id all the same. */
const parts = (text: string): string[] =>
  text
    .replace(/([a-z\d])([A-Z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/u);
const named = (text: string): string[] => parts(text).filter((part) => words.has(part));

function ofScript(file: string, text: string): string[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isIdentifier(node) ||
      ts.isPrivateIdentifier(node) ||
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node) ||
      ts.isRegularExpressionLiteral(node) ||
      ts.isJsxText(node)
    )
      found.push(...named(node.text));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** The script as TypeScript; of the rest all names and texts of Svelte's own syntax tree. */
function ofComponent(file: string, text: string): string[] {
  const { fragment, instance, module } = parse(text, { modern: true, filename: file });
  const scripts = [instance, module].flatMap((script) => {
    const content = script?.content as { start: number; end: number } | undefined;
    return content === undefined ? [] : ofScript(file, text.slice(content.start, content.end));
  });
  const found: string[] = [];
  JSON.stringify(fragment, (key, value: unknown) => {
    if (['type', 'leadingComments', 'trailingComments', 'comments', 'loc'].includes(key)) return undefined;
    if (key === 'raw' || (typeof value === 'object' && value !== null && 'type' in value && value.type === 'Comment')) return undefined;
    if (typeof value === 'string') found.push(...named(value));
    return value;
  });
  return [...scripts, ...found];
}

const inFile = (file: string, text: string): string[] => (file.endsWith('.svelte') ? ofComponent(file, text) : ofScript(file, text));

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => /\.(?:ts|mts|mjs|svelte)$/u.test(file))
  .filter((file) => !folders.some((folder) => file.startsWith(`node/venues/${folder}/`)));

test('outside the folders of venues nothing is called as one of them', () => {
  expect(files.length).toBeGreaterThan(300);
  const found = files
    // The registry is the one line of each.
    .filter((file) => file !== 'node/venues/index.ts')
    .flatMap((file) => {
      const names = inFile(file, readFileSync(join(src, file), 'utf8')).filter((name) => !(ALLOWED[file] ?? []).includes(name));
      return names.length === 0 ? [] : [`${file}: ${[...new Set(names)].join(', ')}`];
    });
  expect(found).toEqual([]);
});

test('what is allowed is there, and no more of it', () => {
  for (const [file, allowed] of Object.entries(ALLOWED))
    expect([file, [...new Set(inFile(file, readFileSync(join(src, file), 'utf8')))].sort()]).toEqual([file, allowed.toSorted()]);
});

test.each([
  ['a string', 'x.ts', `const a = 'binance';`],
  ['an id of an instrument', 'x.ts', `const a = id === 'bybit:BTCUSDT';`],
  ['a part of a template', 'x.ts', 'const a = `${b}:hyperliquid`;'],
  ['a name for people', 'x.ts', `const a = "Binance USD-M";`],
  ['an identifier', 'x.ts', `const BYBIT_LIMIT = 3;`],
  ['an identifier in the middle of a word', 'x.ts', `createBinanceWire();`],
  ['a field', 'x.ts', `asset.hyperliquid;`],
  ['a key', 'x.ts', `const fees = { okx: 1 };`],
  ['an import path', 'x.ts', `import { a } from './venues/gate/index.ts';`],
  ['a type', 'x.ts', `type Venue = 'deribit';`],
  ['a pattern', 'x.ts', String.raw`/^dydx:/u.test(id);`],
  ['a script of a component', 'x.svelte', `<script lang="ts">const a = 'bitget';</script><p>{a}</p>`],
  ['a text of a component', 'x.svelte', `<p>Fees of Binance</p>`],
  ['an attribute', 'x.svelte', `<p title="as on Paradex">x</p>`],
  ['an expression of a component', 'x.svelte', `<p>{#if venue === 'binance'}x{/if}</p>`],
  ['a class', 'x.svelte', `<p class="bybit">x</p>`],
])('%s would be found', (_, file, text) => expect(inFile(file, text)).toHaveLength(1));

test('a comment and another word are not', () => {
  expect(inFile('x.ts', `// as Binance does it\nconst gated = investigate('delegate');`)).toEqual([]);
  expect(inFile('x.svelte', `<!-- Bybit --><p>aggregate</p>`)).toEqual([]);
});

test('each market has a folder, its part of the demo, and a name and a hue of its own', () => {
  for (const exchange of EXCHANGES) expect(exchange.demo.map(({ id }) => id)).toEqual(exchange.create().map(({ id }) => id));
  for (const what of ['id', 'name', 'hue'] as const) expect(new Set(venues.map((venue) => venue[what])).size).toBe(venues.length);
});

test('markets of one host say the same of it', () => {
  const hosts = new Map(venues.map(({ host }) => [host.id, host]));
  for (const { host } of venues) expect(host).toEqual(hosts.get(host.id));
});
