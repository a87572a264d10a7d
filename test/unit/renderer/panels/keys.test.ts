import { expect, test } from 'vitest';
import { chartKeys } from '#renderer/features/chart/keys.ts';
import { alertKeys } from '#renderer/features/alerts/keys.ts';
import { fieldKeys } from '#renderer/features/calculators/field-keys.ts';
import { matrixKeys } from '#renderer/features/matrix/keys.ts';
import { watchlistKeys } from '#renderer/features/watchlist/keys.ts';
import { capsOf, keyNameOf } from '#renderer/panels/keys.ts';

const pressed = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', true>> = {}) =>
  keyNameOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test('a key is named by what it types and what is held', () => {
  expect([pressed('e'), pressed('?', { shiftKey: true }), pressed('ArrowUp', { altKey: true })]).toEqual(['e', '?', 'Alt+ArrowUp']);
  expect([pressed('K', { ctrlKey: true, shiftKey: true }), pressed('k', { metaKey: true })]).toEqual(['Mod+k', 'Mod+k']);
  expect([pressed('ArrowLeft', { shiftKey: true }), pressed('+', { shiftKey: true })]).toEqual(['Shift+ArrowLeft', '+']);
});

test('keys are shown as they stand on a keyboard', () => {
  expect(capsOf(['Mod+k'])).toEqual(['Ctrl', 'K']);
  expect(capsOf(['Mod+k'], true)).toEqual(['\u2318', 'K']);
  expect(capsOf(['Alt+ArrowUp', 'Alt+ArrowDown'])).toEqual(['Alt', '\u2191\u2193']);
  expect(capsOf(['PageUp', 'PageDown'])).toEqual(['PgUp', 'PgDn']);
  expect(capsOf(['+', '-'])).toEqual(['+', '\u2212']);
});

test.each([
  ['watchlist', watchlistKeys],
  ['chart', chartKeys],
  ['matrix', matrixKeys],
  ['alerts', alertKeys],
  ['calculators', fieldKeys],
])('no two entries of the %s have one key', (_, table) => {
  const names = table.flatMap(({ keys }) => keys);
  expect(new Set(names).size).toBe(names.length);
});
