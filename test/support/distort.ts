/** Ways in which a venue's answer can be wrong whatever its format. Rows are the members of a list, or of a table by name, of three objects or more. */
export type Distortion = (body: unknown) => unknown;

type Fields = Record<string, unknown>;
type Row = readonly [name: string, row: unknown];

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const keysOf = (value: unknown): string => (isObject(value) ? Object.keys(value).sort().join() : '');
const isList = (value: unknown): value is Fields[] => Array.isArray(value) && value.length >= 3 && value.every(isObject);
function isTable(value: Fields): boolean {
  const rows = Object.values(value);
  return rows.length >= 3 && rows.every((row) => isObject(row) && keysOf(row) === keysOf(rows[0]));
}

/** Applies `rows` to every list and table of rows, and `object` to every other object, the innermost first. */
function walk(
  value: unknown,
  rows: (rows: readonly Row[]) => readonly Row[],
  object: (fields: Fields) => unknown = (same) => same,
): unknown {
  const within = (one: unknown): unknown => walk(one, rows, object);
  if (Array.isArray(value)) {
    const inside = value.map(within);
    return isList(value) ? rows(inside.map((row) => ['', row])).map(([, row]) => row) : inside;
  }
  if (!isObject(value)) return value;
  const inside = Object.entries(value).map(([name, field]): Row => [name, within(field)]);
  return isTable(value) ? Object.fromEntries(rows(inside)) : object(Object.fromEntries(inside));
}
const isLeaf = (value: unknown): boolean => typeof value !== 'object' || value === null;
const everyRow =
  (change: (fields: readonly Row[]) => readonly Row[]) =>
  (rows: readonly Row[]): readonly Row[] =>
    rows.map(([name, row]) => [name, isObject(row) ? Object.fromEntries(change(Object.entries(row))) : row]);

export const emptied: Distortion = (body) => walk(body, () => []);
export const doubled: Distortion = (body) => walk(body, (rows) => [...rows, ...rows]);
export const reversed: Distortion = (body) => walk(body, (rows) => rows.toReversed());
/** Every other row. */
export const halved: Distortion = (body) => walk(body, (rows) => rows.filter((_, i) => i % 2 === 0));
/** The row of that name is gone, and of two lists side by side (Hyperliquid) what stands at its place in the other. */
export const withoutRow =
  (name: string): Distortion =>
  (body) => {
    const [first, beside] = Array.isArray(body) ? (body as unknown[]) : [];
    if (isObject(first) && isList(first['universe']) && isList(beside)) {
      const at = first['universe'].findIndex((row) => row['name'] === name);
      return [{ ...first, universe: first['universe'].toSpliced(at, 1) }, beside.toSpliced(at, 1)];
    }
    const isIt = ([key, row]: Row): boolean => key === name || (isObject(row) && Object.values(row).includes(name));
    return walk(body, (rows) => rows.filter((row) => !isIt(row)));
  };
/** A later version of the format, with more in it. */
export const extended: Distortion = (body) =>
  walk(
    body,
    (rows) => rows,
    (fields) => ({ ...fields, zzNew: { list: [1, 'a', null] }, zzNote: 'new' }),
  );
/** Every figure and word of every row is gone. */
export const blanked: Distortion = (body) =>
  walk(
    body,
    everyRow((fields) => fields.filter(([, value]) => !isLeaf(value))),
  );
/** Every figure and word of every row is of another type. */
export const mistyped: Distortion = (body) =>
  walk(
    body,
    everyRow((fields) => fields.map(([name, value]) => [name, isLeaf(value) ? [true] : value])),
  );
