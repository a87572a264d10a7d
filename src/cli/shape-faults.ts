import { z } from 'zod';
import { MISSING, type Problem } from '#domain/decisions/reader.ts';
import { quoted, shownName } from '#domain/shown-text.ts';
import { near } from './usage.ts';

/** A field as its JSON schema has it: what there is to say of it. */
interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/** Made once per schema: it takes longer than everything else here. */
const roots = new WeakMap<z.ZodType, Node>();
function rootOf(schema: z.ZodType): Node {
  const root = roots.get(schema) ?? (z.toJSONSchema(schema, { io: 'input' }) as Node);
  roots.set(schema, root);
  return root;
}

/** Faults of shape in a person's words, each with the whole path; faults of numbers are the calculators' own. */
export function shapeFaults(error: z.ZodError, schema: z.ZodType, input: unknown): Problem[] {
  const root = rootOf(schema);
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(root, path, key));
    const value = path.reduce<unknown>(
      (within, part) => (typeof within === 'object' && within !== null ? (within as Record<string, unknown>)[part] : undefined),
      input,
    );
    const right = `Enter ${expected(nodesAt(root, path))}.`;
    const field = path.join('.');
    if (value === undefined || value === null) return [{ field, wrong: MISSING, right }];
    if (issue.code === 'too_big') return [{ field, wrong: `It is longer than ${issue.maximum}.`, right: `Give at most ${issue.maximum}.` }];
    return [{ field, wrong: `${shown(value)} cannot stand here.`, right }];
  });
}

function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return shownName(JSON.stringify(value));
}

/** A list of names that fits a line. */
const LISTED = 12;
const listed = (names: readonly string[]): string =>
  names.length <= LISTED ? names.join(', ') : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more that --schema shows`;

/** The kinds that a field may have, unions taken apart. */
const kindsOf = (node: Node): readonly Node[] => {
  const kinds = node.anyOf ?? node.oneOf;
  return kinds === undefined ? [node] : kinds.flatMap(kindsOf);
};

function nodesAt(root: Node, path: readonly string[]): readonly Node[] {
  return path.reduce<readonly Node[]>(
    (nodes, part) =>
      nodes.flatMap((node) => {
        const within = node.properties?.[part] ?? node.prefixItems?.[Number(part)] ?? (/^\d+$/u.test(part) ? node.items : undefined);
        return within === undefined ? [] : kindsOf(within);
      }),
    kindsOf(root),
  );
}

/** What may stand in a field, in words. */
function expected(nodes: readonly Node[]): string {
  const words = nodes.flatMap(({ const: only, enum: some }) => (only === undefined ? (some ?? []) : [only])).map(String);
  if (words.length > 0) return [...new Set(words)].join(' or ');
  const keys = nodes.flatMap(({ properties }) => Object.keys(properties ?? {}));
  if (keys.length > 0) return `an object in { } with ${listed([...new Set(keys)])}`;
  const types = new Set(nodes.map(({ type }) => type));
  if (types.has('array')) return 'a list in [ ]';
  if (types.has('boolean')) return 'true or false';
  return types.has('number') ? 'a number' : 'text in quotation marks';
}

/** Every field of the calculator by its whole path; places in lists are left out. */
function pathsOf(node: Node, at: string): string[] {
  return kindsOf(node).flatMap((kind) => [
    ...Object.entries(kind.properties ?? {}).flatMap(([name, within]) => {
      const path = at === '' ? name : `${at}.${name}`;
      return [path, ...pathsOf(within, path)];
    }),
    ...(kind.items === undefined ? [] : pathsOf(kind.items, at)),
  ]);
}

/** No field has a longer name. */
const LONGEST_NAME = 40;

function unknownField(root: Node, path: readonly string[], key: string): Problem {
  const field = [...path, shownName(key)].join('.');
  const here = [...new Set(nodesAt(root, path).flatMap(({ properties }) => Object.keys(properties ?? {})))];
  // A field of that very name in another place is what was meant, before one that is only spelt alike.
  const elsewhere = pathsOf(root, '').filter((one) => one.split('.').at(-1)?.toLowerCase() === key.toLowerCase());
  const prefix = path.length === 0 ? '' : `${path.join('.')}.`;
  const [meant] = [...elsewhere, ...(key.length > LONGEST_NAME ? [] : near(key, here, 1)).map((name) => `${prefix}${name}`)];
  return {
    field,
    wrong: 'There is no such field.',
    right: meant === undefined ? `There are ${listed(here)}.` : `Did you mean ${meant}?`,
  };
}
