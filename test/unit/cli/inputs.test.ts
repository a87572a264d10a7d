import { describe, expect, test } from 'vitest';
import { run } from '../../../src/cli/run.ts';

const OPEN = Date.UTC(2026, 0, 31, 8);
const size = {
  contract: 'linear',
  side: 'long',
  margin: 'isolated',
  equity: 10_000,
  risk: 0.01,
  entry: 100,
  stop: 95,
  leverage: 10,
  feeIn: 0.0005,
  feeOut: 0.0005,
  lotStep: 0.001,
  maintenance: { kind: 'flat', rate: 0.005 },
  hold: { openAt: '2026-01-31T08:00Z', holdH: 24 },
  funding: { rate: 0.0001, intervalH: 8, nextFundingAt: OPEN + 8 * 3_600_000 },
};

async function ask(name: string, input: unknown): Promise<{ code: number; out: string; err: string; lines: string[] }> {
  let [out, err] = ['', ''];
  const code = await run([name], {
    read: () => Promise.resolve(typeof input === 'string' ? input : JSON.stringify(input)),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err, lines: out.split('\n') };
}
const sized = (change: object) => ask('size', { ...size, ...change });

test('as it stands it has figures, with a time as text', async () => {
  const { code, out } = await ask('size', size);
  expect(out).toMatch(/^settlements +3 /mu);
  expect(code).toBe(0);
});

describe('a field that is none is named whole, with the nearest that there is', () => {
  test.each([
    ['size', { ...size, levrage: 5 }, 'levrage: There is no such field. Did you mean leverage?'],
    ['size', { ...size, holdH: 5 }, 'holdH: There is no such field. Did you mean hold.holdH?'],
    ['size', { ...size, hold: { openAt: OPEN, holdh: 5 } }, 'hold.holdh: There is no such field. Did you mean hold.holdH?'],
    [
      'size',
      { ...size, maintenance: { kind: 'flat', rate: 0.005, cum: 0 } },
      'maintenance.cum: There is no such field. Did you mean maintenance.tiers.cum?',
    ],
    [
      'carry',
      { long: { kind: 'spot', fee: 0.001 }, short: { kind: 'perp' } },
      'long.fee: There is no such field. Did you mean long.feeIn?',
    ],
    ['size', { ...size, hold: { zzz: 1 } }, 'hold.zzz: There is no such field. There are openAt, holdH.'],
  ])('%s', async (name, input, line) => {
    const { code, lines, out } = await ask(name, input);
    expect(lines).toContain(line);
    expect(code).toBe(1);
    expect(out).not.toMatch(/^quantity/mu);
  });
});

describe('what is missing is missing, whatever it is', () => {
  test.each([
    [{ side: undefined }, 'side: Missing. Enter long or short.'],
    [{ contract: null }, 'contract: Missing. Enter linear or inverse.'],
    [{ maintenance: {} }, 'maintenance.kind: Missing. Enter flat or tiers or half-initial.'],
    [{ maintenance: { kind: 'flat' } }, 'maintenance.rate: Missing. Enter a number.'],
    [{ maintenance: { kind: 'tiers' } }, 'maintenance.tiers: Missing. Enter a list in [ ].'],
    [{ entry: undefined }, 'entry: Missing. Enter a price above 0, such as 64250.5.'],
    [
      { hold: { holdH: 8 } },
      'hold.openAt: Missing. Enter a time with its zone, such as 2026-01-31T08:00Z, or whole milliseconds since 1970 UTC.',
    ],
  ])('%s', async (change, line) => expect((await sized(change)).lines).toContain(line));
});

describe('what cannot stand in a field is shown with what can', () => {
  test.each([
    [{ side: 'up' }, 'side: "up" cannot stand here. Enter long or short.'],
    [{ entry: true }, 'entry: true cannot stand here. Enter a number.'],
    [{ targets: 110 }, 'targets: 110 cannot stand here. Enter a list in [ ].'],
    [{ hold: 8 }, 'hold: 8 cannot stand here. Enter an object in { } with openAt, holdH.'],
    [{ funding: { ...size.funding, continuous: 'yes' } }, 'funding.continuous: "yes" cannot stand here. Enter true or false.'],
    [{ book: { bids: [['99', '1']], asks: [['101', { a: 1 }]] } }, 'book.asks.0.1: {"a":1} cannot stand here. Enter a number.'],
    [{ hold: { openAt: '2026-02-30T08:00Z', holdH: 8 } }, /^hold\.openAt: There is no 30 February 2026: it has 28 days\./mu],
    [
      { hold: { openAt: '2026-01-31T08:00', holdH: 8 } },
      /^hold\.openAt: "2026-01-31T08:00" does not say its zone\. For UTC type 2026-01-31T08:00Z/mu,
    ],
    [{ equity: "1'000" }, /^equity: "1'000" is not a number\. Type 1000\./mu],
  ])('%s', async (change, line) => {
    const { out, lines } = await sized(change);
    if (typeof line === 'string') expect(lines).toContain(line);
    else expect(out).toMatch(line);
  });

  test('also where it is no object at all', async () => {
    for (const text of ['[]', '5', 'null', '"size"']) {
      const { out, code } = await ask('size', text);
      expect(out).toMatch(/^input: .*Enter an object in \{ \} with contract, side/u);
      expect(code).toBe(1);
    }
  });
});

describe('a key that stands twice is named', () => {
  test.each([
    ['size', JSON.stringify(size).replace('{', '{"entry":99,'), 'entry: It is given twice. Leave one of the two out.'],
    ['size', JSON.stringify(size).replace('"kind"', '"rate":1,"kind"'), 'maintenance.rate: It is given twice. Leave one of the two out.'],
    // An escape is the letter that it stands for.
    ['size', JSON.stringify(size).replace('{', '{"entr\\u0079":99,'), 'entry: It is given twice. Leave one of the two out.'],
    [
      'size',
      JSON.stringify({
        ...size,
        maintenance: {
          kind: 'tiers',
          tiers: [
            { floor: 0, rate: 0.005 },
            { floor: 1e6, rate: 0.01 },
          ],
        },
      }).replace('"rate":0.01', '"rate":0.01,"rate":0.02'),
      'maintenance.tiers.1.rate: It is given twice. Leave one of the two out.',
    ],
  ])('%s %s', async (name, text, line) => {
    const { out, code } = await ask(name, text);
    expect(out).toBe(line);
    expect(code).toBe(1);
  });

  test('but not one that stands once in each of two objects, nor in a text', async () => {
    const tiers = [{ floor: 0, rate: 0.005 }, { floor: 1e6, rate: 0.01 }]; // prettier-ignore
    const { code } = await ask('size', { ...size, maintenance: { kind: 'tiers', tiers }, base: '{"a":1,"a":2}' });
    expect(code).toBe(0);
  });

  test('in time that grows with the text alone', async () => {
    const { out } = await ask('size', `{"list":[${'{"a":1,"a":2},'.repeat(20_000)}0]}`);
    expect(out).toContain('list.0.a: It is given twice.');
    // No person reads 20,000 lines.
    expect(out.split('\n')).toHaveLength(21);
    expect(out).toMatch(/^and 19980 more$/mu);
    const deep = await ask('size', `{"zzz":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
    expect(deep.err).toBe('Standard input has brackets within brackets deeper than 50: no calculator takes that.');
  });
});

describe('what is no JSON says the line and what to type', () => {
  const withEntry = (entry: string): string => JSON.stringify(size, null, 2).replace('"entry": 100', `"entry": ${entry}`);
  test.each([
    [withEntry("1'000"), `line 7: "1'000" is not a number. Type 1000.`],
    [withEntry('1 000'), 'line 7: "1 000" is not a number. Type 1000.'],
    [withEntry('$100'), 'line 7: "$100" is not a number. Type 100.'],
    [withEntry('10k'), 'line 7: "10k" is not a number. Type 10000.'],
    [withEntry('+5'), 'line 7: "+5" is not a number. Type 5.'],
    [withEntry('.5'), 'line 7: ".5" is not a number. Type 0.5.'],
    [withEntry('abc'), 'line 7: "abc" is not understood: text and names of fields stand in quotation marks.'],
    [withEntry("'100'"), 'line 7: "\'100\'" stands in other quotation marks: JSON has "these".'],
    ['{\n  "entry": 1,\n}', 'line 3 has a comma before }: leave it out.'],
    ['{"entry": 1, // the mark\n}', 'line 1: "//" is a comment, which JSON does not have.'],
    ['{"entry": "1}', 'line 1 has a quotation mark that is not closed.'],
    ['{', 'it ends too early, or a bracket, a comma or a colon is missing.'],
  ])('%s', async (text, why) => {
    const { code, err, out } = await ask('size', text);
    expect(err).toBe(`Standard input cannot be read as JSON: ${why} Give one JSON object; --schema shows its fields.`);
    expect([code, out]).toEqual([2, '']);
  });

  test('a byte order mark is no part of it; UTF-16 and nothing are told', async () => {
    expect(await ask('size', `\uFEFF${JSON.stringify(size)}`)).toMatchObject({ code: 0, err: '' });
    const utf16 = Buffer.from(JSON.stringify(size), 'utf16le');
    expect((await ask('size', utf16.toString('utf8'))).err).toContain('is UTF-16 or no text at all: save it as UTF-8.');
    expect((await ask('size', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]).toString('utf8'))).err).toContain('is UTF-16');
    expect((await ask('size', ' \n')).err).toBe('Standard input is empty. Give one JSON object; --schema shows its fields.');
  });
});

test('no pattern is shown, not in the schema either', async () => {
  for (const name of ['size', 'carry', 'funding', 'liquidation']) {
    let out = '';
    await run([name, '--schema'], { read: () => Promise.resolve(''), out: (text) => (out += text), err: () => undefined });
    expect(out).not.toMatch(/"pattern"|\\\\d|\^\[/u);
  }
});
