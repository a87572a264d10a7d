import { UsageError } from './usage.ts';

/** `a,b.c`: names between commas, a point before a part of one. Throws UsageError. */
export function parseFieldList(text: string | undefined): readonly string[] {
  const fields = (text ?? '').split(',').map((field) => field.trim());
  if (text === undefined || text.startsWith('--') || fields.some((field) => field === '' || field.split('.').includes('')))
    throw new UsageError('--fields takes names between commas, such as --fields time,value or --fields verdict,trades.net.');
  return fields;
}

interface Tree {
  readonly children: Map<string, Tree>;
  /** Everything below it is asked for. */
  whole: boolean;
}

/**
 * Only these fields of an answer; of an array those of each of its rows. A name that no row has is an error which names those that
 * there are.
 */
export function picked(data: unknown, fields: readonly string[]): unknown {
  const root: Tree = { children: new Map(), whole: false };
  for (const field of fields) {
    let at = root;
    for (const name of field.split('.')) {
      const next = at.children.get(name) ?? { children: new Map<string, Tree>(), whole: false };
      at.children.set(name, next);
      at = next;
    }
    at.whole = true;
  }
  return part(data, root, '');
}

function part(value: unknown, tree: Tree, path: string): unknown {
  if (tree.whole || value === null || value === undefined) return value;
  const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
  const objects = rows.filter((row) => typeof row === 'object' && row !== null) as readonly Record<string, unknown>[];
  if (rows.length === 0) return value;
  for (const name of tree.children.keys()) {
    if (objects.some((row) => Object.hasOwn(row, name))) continue;
    const there = [...new Set(objects.flatMap((row) => Object.keys(row)))];
    const has = there.length === 0 ? `${path} has no parts.` : `There ${there.length === 1 ? 'is' : 'are'} ${there.join(', ')}.`;
    throw new UsageError(`--fields: there is no ${path === '' ? '' : `${path}.`}${name}. ${has}`);
  }
  const cut = objects.map((row) =>
    Object.fromEntries(
      [...tree.children].flatMap(([name, below]) =>
        Object.hasOwn(row, name) ? [[name, part(row[name], below, path === '' ? name : `${path}.${name}`)] as const] : [],
      ),
    ),
  );
  return Array.isArray(value) ? cut : cut[0];
}
