import fc from 'fast-check';

/** What a server, a proxy or an attacker may put where a value is expected. */
const VALUES: readonly unknown[] = [
  null,
  '',
  ' ',
  true,
  [],
  {},
  0,
  -0,
  -1,
  1e308,
  -1e308,
  5e-324,
  1e21,
  '1e308',
  '-1e308',
  '1e-400',
  'NaN',
  'Infinity',
  '0x10',
  '1,000.5',
  '1'.repeat(50_000),
  `${'1'.repeat(50_000)}x`,
  `${'0.0'.repeat(20_000)}e`,
  `${' '.repeat(50_000)}1`,
  '9'.repeat(41),
  'a'.repeat(100_000),
  '\u001b[2J\u001b[31mred\u0007',
  '\u202egnp.exe',
  '\u009b31m',
  '\ud800',
  '../../etc/passwd',
  '__proto__',
  { toString: 1, valueOf: 1 },
  { length: 1e9 },
  [[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]],
  Array.from({ length: 3000 }, (_, n) => n),
  Array.from({ length: 3000 }, () => []),
  1_794_770_400,
  1_794_770_400_000_000,
  '2026-11-15T00:00:00Z',
];

/** Whole answers. */
const TEXTS: readonly string[] = [
  '',
  'null',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '0',
  '"',
  '{"code":-1}',
  '{"code":-1003,"msg":{"toString":1}}',
  '{"code":"1","msg":"\\u001b[31m"}',
  '{"retCode":10006,"retMsg":[[[]]]}',
  '{"retCode":0,"result":{"list":{}}}',
  '{"retCode":0,"result":[]}',
  '['.repeat(200_000),
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  `[${'[],'.repeat(100_000)}[]]`,
  `[${'{"symbol":"X"},'.repeat(20_000)}{}]`,
  `"${'\\'.repeat(200_001)}`,
  '1'.repeat(200_000),
];

type Spoil = (body: string) => string;

interface Place {
  readonly parent: Record<string | number, unknown>;
  readonly key: string | number;
}

/** The places of a JSON tree, in the order of the text. */
function placesIn(tree: unknown): Place[] {
  const places: Place[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push({ parent: node as Record<string, unknown>, key });
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(tree);
  return places;
}

/** One place, chosen by a share of all of them, after `change`. */
const atPlace =
  (share: number, change: (place: Place) => void): Spoil =>
  (body) => {
    const tree: unknown = JSON.parse(body);
    const places = placesIn(tree);
    const place = places[Math.floor(share * places.length)];
    if (place !== undefined) change(place);
    return JSON.stringify(tree);
  };

/** Every place with the same name. */
const atName =
  (share: number, value: unknown): Spoil =>
  (body) => {
    const tree: unknown = JSON.parse(body);
    const places = placesIn(tree);
    const name = places[Math.floor(share * places.length)]?.key;
    for (const { parent, key } of places) if (key === name) parent[key] = value;
    return JSON.stringify(tree);
  };

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...VALUES) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });

/** Ways to spoil a good body: a value, a name, a row, a piece of the text, or all of it. */
export const spoil: fc.Arbitrary<Spoil> = fc.oneof(
  fc.tuple(share, value).map(([at, given]) => atPlace(at, ({ parent, key }) => (parent[key] = given))),
  fc.tuple(share, value).map(([at, given]) => atName(at, given)),
  share.map((at) =>
    atPlace(at, ({ parent, key }) => {
      parent[`${key}x`] = parent[key];
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else Reflect.deleteProperty(parent, key);
    }),
  ),
  fc.tuple(share, fc.constantFrom(2, 1500)).map(([at, times]) =>
    atPlace(at, ({ parent, key }) => {
      if (Array.isArray(parent)) parent.splice(Number(key), 0, ...Array.from({ length: times }, () => parent[Number(key)] as unknown));
      else parent[key] = Array.from({ length: times }, () => parent[key]);
    }),
  ),
  fc.tuple(share, share, fc.constantFrom('', '"', '[', '}', ',', '\u0000', '1'.repeat(60_000), '\\')).map(
    ([from, to, between]): Spoil =>
      (body) =>
        body.slice(0, from * body.length) + between + body.slice((from + (1 - from) * to) * body.length),
  ),
  fc.constantFrom(...TEXTS).map(
    (text): Spoil =>
      () =>
        text,
  ),
  fc.string({ maxLength: 200, unit: 'binary' }).map(
    (text): Spoil =>
      () =>
        text,
  ),
);
