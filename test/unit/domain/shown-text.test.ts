import { hidesSome, shownName, visibleLine } from '#domain/shown-text.ts';
import { expect, test } from 'vitest';

test.each([
  ['colours and moves of a terminal', '\u001B[31mred\u001B[2J', '\\u001b[31mred\\u001b[2J'],
  ['a bell, a backspace, a return', 'a\u0007b\bc\rd', 'a\\u0007b\\u0008c\\u000dd'],
  ['a turn of the direction', 'a\u202Etxt.exe', 'a\\u202etxt.exe'],
  ['a space of no width', 'BTC\u200BUSDT', 'BTC\\u200bUSDT'],
  ['a tag character, as JSON writes it', 'a\u{E0041}b', 'a\\udb40\\udc41b'],
  ['half of a character', 'a\uD800b', 'a\\ud800b'],
  ['a filler that counts as a letter', 'BTC\u3164', 'BTC\\u3164'],
  ['a joiner that is a mark', 'a\u034Fb', 'a\\u034fb'],
  ['a sign drawn in colour as it is', '\u26A0\uFE0F', '\u26A0\uFE0F'],
  ['lines, tabs and other scripts as they are', 'täglich\t日本\n₿ 😀', 'täglich\t日本\n₿ 😀'],
])('%s', (_what, text, shown) => {
  expect(visibleLine(text)).toBe(shown);
  expect(hidesSome(text)).toBe(text !== shown);
});

test('a line of JSON still says the same', () => {
  const said = { name: 'a\u202Eb\u{E0041}\u200Bc' };
  expect(JSON.parse(visibleLine(JSON.stringify(said)))).toEqual(said);
});

test('a name hides nothing', () => {
  expect(shownName('BTC\u200B')).toBe('BTC\\u200b');
});
