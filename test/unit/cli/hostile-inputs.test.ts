import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Calculator, calculators } from '../../../src/cli/calculators.ts';

const HOUR = 3_600_000;
const OPEN = Date.UTC(2026, 0, 31, 8);
const terms = { rate: 0.0001, intervalH: 8, continuous: false, nextFundingAt: OPEN + 8 * HOUR };
const hold = { openAt: OPEN, holdH: 24 };
const reversion = { meanPerHour: 0.00001, halfLifeH: 24 };
const tiers = [
  { floor: 0, rate: 0.005, cum: 0, maxLeverage: 50 },
  { floor: 1e6, rate: 0.01, cum: 5000, maxLeverage: 20 },
];
const flat = { kind: 'flat', rate: 0.005 };
const tiered = { kind: 'tiers', tiers, charge: 'marginal', by: 'notional' };
const half = { kind: 'half-initial', tiers: [{ floor: 0, maxLeverage: 40 }] };
const book = { bids: [[99.99, 5000]], asks: [[100.01, 5000]] };
const limits = { minQuantity: 0.01, contractSize: 1, minNotional: 5, maxQuantity: 1e5, maxNotional: 1e7 };

const without = (input: object, ...keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(input).filter(([key]) => !keys.includes(key)));

const size = {
  ...{ contract: 'linear', side: 'long', margin: 'cross', equity: 10_000, equityIn: 'settle', risk: 0.01, entry: 100, stop: 95 },
  ...{ targets: [110], leverage: 10, leverageCap: 20, venueMaxLeverage: 50, feeIn: 0.0005, feeOut: 0.0005, slipBps: 2, lotStep: 0.001 },
  ...{ ...limits, mark: 100, maintenance: flat, liquidationFee: 0.001, otherMaintenance: 1, openInterest: 1e6, topOfBook: 50 },
  ...{ funding: terms, hold, base: 'SOL', quote: 'USDT' },
  scale: { volatility: { target: 0.03, measured: 0.04 }, signal: { d: 0.0005, theta: 0.0005 } },
};
const isolated = {
  ...{ contract: 'linear', side: 'long', margin: 'isolated', entry: 100, contracts: 10, contractSize: 1, leverage: 10, maxNotional: 1e7 },
  ...{ venueMaxLeverage: 50, addedMargin: 1, maintenance: flat, liquidationFee: 0.001, fundingPaid: 1, mark: 100, stop: 95 },
  ...{ money: 'USDT', quote: 'USDT' },
};
const cross = { ...without(isolated, 'addedMargin'), margin: 'cross', equity: 500, otherMaintenance: 1 };
const profit = {
  ...without(isolated, 'maxNotional', 'money', 'quote'),
  ...{ exit: 110, equity: 2000, equityIn: 'settle', feeIn: 0.0005, feeOut: 0.0005, slipBps: 2, filled: true, funding: terms, hold },
  ...{ wantedNet: 50, wantedR: 2, buffer: 0.2, whatIf: { prices: [95, 110], holdsH: [0, 24] }, base: 'SOL', quote: 'USDT' },
};
const leg = {
  ...{ kind: 'perp', name: 'perpetual', bid: 99.99, ask: 100.01, slipBps: 2, feeIn: 0.0005, feeOut: 0.0005, lotStep: 0.01 },
  ...{ ...limits, multiplier: 1, ...terms, leverage: 5, venueMaxLeverage: 50, maintenance: flat, liquidationFee: 0.001 },
};
const bare = without(leg, 'bid', 'ask', 'slipBps');
const pair = {
  ...{ long: leg, short: { ...bare, price: 100, slipBps: 2 }, quantity: 10, ...hold, borrowApr: 0.05, borrowShare: 1, reversion },
  ...{ history: [0.0001, null, 0.0002], base: 'SOL', quote: 'USDT' },
};
const byMoney = without(pair, 'quantity');
const scale = {
  ...{
    contract: 'linear',
    side: 'long',
    margin: 'cross',
    entries: [{ price: 100, weight: 1 }],
    stop: 95,
    exits: [{ price: 110, share: 1 }],
  },
  ...{
    equity: 10_000,
    equityIn: 'settle',
    risk: 0.01,
    contractSize: 1,
    lotStep: 0.001,
    minQuantity: 0.01,
    leverage: 10,
    venueMaxLeverage: 50,
  },
  ...{
    feeIn: 0.0005,
    feeOut: 0.0005,
    slipBps: 2,
    funding: terms,
    hold,
    maintenance: flat,
    liquidationFee: 0.001,
    base: 'SOL',
    quote: 'USDT',
  },
};
const change = {
  ...{ contract: 'linear', side: 'long', margin: 'cross', entry: 100, contracts: 10, contractSize: 1, change: 'add', price: 99, by: 2 },
  ...{ fee: 0.0005, slipBps: 2, leverage: 10, equity: 500, equityIn: 'settle', otherMaintenance: 1, mark: 100, maintenance: flat },
  ...{ liquidationFee: 0.001, base: 'SOL', quote: 'USDT' },
};
const shared = {
  ...{ name: 'SOL', side: 'long', entry: 100, contracts: 10, contractSize: 1, mark: 101, maintenance: flat, liquidationFee: 0.001 },
};
const account = { contract: 'linear', equity: 500, positions: [shared], money: 'USDT', quote: 'USDT' };

/** Inputs without a fault that together give every field where it is read. */
const inputs: Readonly<Record<string, readonly object[]>> = {
  size: [
    size,
    { ...size, maintenance: tiered, slipBps: null, book },
    { ...without(size, 'risk', 'scale'), contracts: 20, maintenance: half },
  ],
  profit: [
    profit,
    { ...profit, maintenance: tiered },
    { ...without(profit, 'addedMargin'), margin: 'cross', otherMaintenance: 1, maintenance: half },
  ],
  scale: [scale, { ...without(scale, 'risk'), contracts: 20, maintenance: tiered }, { ...scale, maintenance: half }],
  change: [change, { ...change, maintenance: tiered }, { ...change, maintenance: half }],
  cross: [
    account,
    { ...account, positions: [{ ...shared, maintenance: tiered }] },
    { ...account, positions: [{ ...shared, maintenance: half }] },
  ],
  liquidation: [isolated, cross, { ...cross, maintenance: tiered }, { ...cross, maintenance: half, equityIn: 'settle' }],
  funding: [{ side: 'long', notional: 1000, ...terms, ...hold, leverage: 5, reversion, money: 'USDT' }],
  carry: [
    pair,
    { ...byMoney, notional: 1000, long: pair.short, short: leg },
    { ...pair, long: { ...bare, book, maintenance: tiered }, short: { ...bare, book, maintenance: tiered } },
    { ...pair, long: { ...leg, maintenance: half }, short: { ...leg, maintenance: half } },
    { ...pair, long: { ...leg, contract: 'inverse', maxQuantity: 1e7 }, short: { ...leg, contract: 'linear' } },
    { ...pair, long: leg, short: { ...leg, contract: 'inverse', maxQuantity: 1e7 } },
  ],
};

const HOSTILE = [
  ...["1'000", '1 000', '$100', '10x', '10k', 'ten', '1'.repeat(1_000_000), '1'.repeat(50), '\u0000\u0007\u001b[31m', '<b>1</b>'],
  ...['__proto__', 'NaN', 'Infinity', '-Infinity', '1e999', '0x10', '1,250', '0,05', '\u0661\u0662', '"', '\ufeff', '\u202e1', 'null'],
  ...[true, false, [[[1]]], [], { a: { b: 1 } }, JSON.parse('{"__proto__":{"value":"1"}}') as unknown],
].map((hostile): readonly [unknown, string] => [hostile, JSON.stringify(hostile).slice(0, 60)]);

type Place = readonly (string | number)[];
/** Where a number, a word or a truth value stands. */
function placesOf(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return value === null ? [] : [at];
  return Object.entries(value).flatMap(([key, within]) => placesOf(within, [...at, Array.isArray(value) ? Number(key) : key]));
}

function withAt(input: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(input)) return (input as unknown[]).map((one, i) => (i === key ? withAt(one, rest, value) : one));
  const fields = input as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: withAt(fields[key], rest, value) };
}

const NAMES = new Set(['base', 'quote', 'money', 'name']);
/** What only the program knows: patterns, kinds of the schema, stacks. */
const INNER = /\\d|\(\?|\[\+-\]|regex|pattern|invalid|expected [a-z]+, received|zod|\bat .+:\d+:\d+|undefined|\[object|DecimalError/iu;
// eslint-disable-next-line no-control-regex -- control characters are what must not be there
const CONTROL = /[\u0000-\u001f\u007f\u202a-\u202e\ufeff]/u;

function calculatorOf(name: string): Calculator {
  const calculator = calculators[name];
  if (calculator === undefined) throw new Error(`no calculator ${name}`);
  return calculator;
}

function answered(name: string, input: unknown) {
  const found = calculatorOf(name).answer(input);
  return 'answer' in found ? found.answer : { ...found, figures: {} };
}

/** A field of the schema without the places in lists. */
const bareOf = (place: Place): string => place.filter((part) => typeof part === 'string').join('.');

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}
function fieldsOf(node: Node, at = ''): string[] {
  const kinds = node.anyOf ?? node.oneOf;
  if (kinds !== undefined) return kinds.flatMap((kind) => fieldsOf(kind, at));
  if (node.items?.properties) return fieldsOf(node.items, at);
  if (node.properties === undefined) return [at];
  return Object.entries(node.properties).flatMap(([key, within]) => fieldsOf(within, at === '' ? key : `${at}.${key}`));
}

describe.each(Object.entries(inputs))('%s', (name, given) => {
  test('the inputs have no fault, and every field of the schema is in one of them', () => {
    for (const input of given) expect(answered(name, input).problems).toEqual([]);
    const schema = z.toJSONSchema(calculatorOf(name).schema, { io: 'input' }) as Node;
    const covered = new Set(given.flatMap((input) => placesOf(input)).map(bareOf));
    const missing = [...new Set(fieldsOf(schema))].filter(
      (field) =>
        ![...covered].some((one) => one === field || one.startsWith(`${field}.`)) && !/(?:^|\.)(?:book|bids|asks|history)$/u.test(field),
    );
    expect(missing).toEqual([]);
  });

  test('what cannot be a number is a problem at its whole path, with what to type, and no figure', () => {
    const tried = new Set<string>();
    for (const input of given) {
      const places = placesOf(input).filter((place) => !tried.has(place.join('.')));
      for (const place of places) {
        tried.add(place.join('.'));
        for (const [hostile, label] of HOSTILE) {
          const text = typeof hostile === 'string';
          // Any short text may be a name; nothing but a truth value is true or false.
          if (text && NAMES.has(String(place.at(-1))) && hostile.length <= 40) continue;
          // A byte order mark alone is nothing, which is no fault where nothing is needed.
          const isBlank = text && hostile.trim() === '';
          if (typeof hostile === 'boolean' && (place.at(-1) === 'continuous' || place.at(-1) === 'filled')) continue;
          const told = `${name} ${place.join('.')} = ${label}`;
          const { problems, figures } = answered(name, withAt(input, place, hostile));
          if (!isBlank) expect(problems.map(({ field }) => field), told).toContain(place.join('.')); // prettier-ignore
          for (const { field, wrong, right } of problems) {
            const words = `${field}: ${wrong} ${right}`;
            expect(words.length, `${told}: ${words}`).toBeLessThanOrEqual(300);
            expect(right, told).not.toBe('');
            expect(words, told).not.toMatch(INNER);
            expect(words, told).not.toMatch(CONTROL);
          }
          if (!isBlank) expect(Object.values(figures).filter(({ value }) => value !== null), told).toEqual([]); // prettier-ignore
        }
      }
    }
  });

  test('a field of any name that there is not is said in a line', () => {
    const keys = ['x'.repeat(10_000), '__proto__', 'constructor', 'toString', '\u0007\u001b[31m', '', 'a.b', '<b>', '0'];
    const objects = (value: unknown, at: Place = []): Place[] =>
      typeof value !== 'object' || value === null
        ? []
        : [
            ...(Array.isArray(value) ? [] : [at]),
            ...Object.entries(value).flatMap(([key, within]) => objects(within, [...at, Array.isArray(value) ? Number(key) : key])),
          ];
    const tried = new Set<string>();
    for (const input of given) {
      for (const place of objects(input).filter((one) => !tried.has(one.join('.')))) {
        tried.add(place.join('.'));
        for (const key of keys) {
          const within = place.reduce<unknown>((one, part) => (one as Readonly<Record<string | number, unknown>>)[part], input);
          const spoilt: unknown = JSON.parse(JSON.stringify(within).replace('{', `{${JSON.stringify(key)}:1,`));
          const { problems } = answered(name, withAt(input, place, spoilt));
          const told = `${name} ${place.join('.')} ${JSON.stringify(key).slice(0, 40)}`;
          expect(problems, told).toHaveLength(1);
          for (const { field, wrong, right } of problems) {
            const words = `${field}: ${wrong} ${right}`;
            expect(words.length, told).toBeLessThanOrEqual(300);
            expect(words, told).toMatch(/There is no such field\. (?:Did you mean|There are) /u);
            expect(words, told).not.toMatch(CONTROL);
          }
        }
      }
    }
  });
});
