export type Given = string | number | Uint8Array | null;

export const intoOf = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')})`;

interface Column {
  readonly type: string;
}

/** Rows that lie behind each other as a query: a list for each column; bytes of one length go in one piece, for written as text within text they take four times as long. */
export function givenRows(columns: readonly Column[], all: readonly Given[]): { readonly text: string; readonly values: readonly Given[] } {
  const values: Given[] = [];
  const lists: string[] = [];
  const fields = columns.map(({ type }, c) => {
    const piece = type === 'bytea' ? joined(all, c, columns.length) : null;
    values.push(piece?.bytes ?? arrayOf(all, c, columns.length));
    const place = `$${values.length}`;
    if (piece !== null) return `substr(${place}::bytea, ((at - 1) * ${piece.each})::int + 1, ${piece.each})`;
    lists.push(`${place}::text::${type}[]`);
    return `c${lists.length}`;
  });
  const names = lists.map((_, i) => `c${i + 1}`);
  return {
    text: `SELECT ${fields.join(', ')} FROM unnest(${lists.join(', ')}) WITH ORDINALITY AS given (${names.join(', ')}, at)`,
    values,
  };
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** The length of a double's field, and of one that is not known. */
const [DOUBLE, UNKNOWN] = [8, -1];

/** Rows of doubles that lie behind each other, in COPY's binary form: neither side writes or reads digits. */
export function copiedRows(width: number, values: readonly Given[]): Uint8Array {
  const count = values.length / width;
  // Flags and the length of an extension are 0.
  const bytes = Buffer.alloc(SIGNATURE.length + 8 + count * (2 + width * 12) + 2);
  let at = SIGNATURE.copy(bytes) + 8;
  for (let i = 0; i < values.length; i++) {
    if (i % width === 0) at = bytes.writeInt16BE(width, at);
    const value = values[i] ?? null;
    at = bytes.writeInt32BE(value === null ? UNKNOWN : DOUBLE, at);
    if (value !== null) at = bytes.writeDoubleBE(value as number, at);
  }
  return bytes.subarray(0, bytes.writeInt16BE(-1, at));
}

/** Null: they are not all bytes, or not of one length. */
function joined(values: readonly Given[], column: number, width: number): { readonly bytes: Uint8Array; readonly each: number } | null {
  const pieces: Uint8Array[] = [];
  for (let at = column; at < values.length; at += width) {
    const piece = values[at];
    if (!(piece instanceof Uint8Array) || piece.length !== (pieces[0]?.length ?? piece.length)) return null;
    pieces.push(piece);
  }
  const each = pieces[0]?.length ?? 0;
  return each === 0 ? null : { bytes: Buffer.concat(pieces), each };
}

/** One column of rows that lie behind each other, as PostgreSQL writes a list. */
function arrayOf(values: readonly Given[], column: number, width: number): string {
  const fields: string[] = [];
  for (let at = column; at < values.length; at += width) fields.push(fieldOf(values[at] ?? null));
  return `{${fields.join(',')}}`;
}

function fieldOf(value: Given): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
  return `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}"`;
}

/** Tables in partitions by month, and the column that says which. */
export const BY_MONTH: Readonly<Record<string, string>> = {
  snapshot_cold: 'ts',
  hour_cold: 'close',
  prices: 'close',
  book_raw: 'ts',
};

interface Partition {
  readonly name: string;
  readonly table: string;
  /** A moment that lies in it. */
  readonly at: number;
}

/** Partitions that rows of a table go into. */
export function partitionsOf(table: string, columns: readonly string[], values: readonly Given[]): Partition[] {
  const column = BY_MONTH[table];
  if (column === undefined) return [];
  const found = new Map<string, Partition>();
  let before = NaN;
  for (let at = columns.indexOf(column); at < values.length; at += columns.length) {
    const moment = Number(values[at]);
    // Rows of a poll are of one time.
    if (moment === before) continue;
    before = moment;
    const name = `${table} ${new Date(moment).toISOString().slice(0, 7)}`;
    if (!found.has(name)) found.set(name, { name, table, at: moment });
  }
  return [...found.values()];
}
