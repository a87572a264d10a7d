import { afterEach, expect, it } from 'vitest';
import { sizePosition } from '#domain/decisions/size.ts';
import { plainTyped, problemsAt, textsOf } from '#renderer/features/calculators/fields.ts';
import { sizeInput } from '#renderer/features/calculators/size.ts';
import { inField, notationOf, takeNotationFrom } from '#renderer/format/notation.ts';
import { basis, fields, live } from '../calculator.ts';

afterEach(() => takeNotationFrom({ notation: notationOf('point') }));

const of = (key: string) => {
  const field = fields.find((each) => each.key === key);
  if (!field) throw new Error(`There is no field ${key}.`);
  return field;
};
/** What a person typed, as the panel hands it on. */
const typing = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, plainTyped(of(key), text)]));
const sized = (texts: Readonly<Record<string, string>>) => {
  const typed = typing(texts);
  const result = sizePosition(sizeInput(basis, typed, live(typed)));
  return { result, problems: problemsAt(result.problems, fields, textsOf(typed, live(typed))), typed };
};

it('comes to the same size whatever mark the numbers are typed with', () => {
  const points = sized({ entry: '100.5', stop: '95.25', risk: '0.5', targets: '110.5 120', holdH: '0' }).result;
  takeNotationFrom({ notation: notationOf('comma') });
  const commas = sized({ entry: '100,5', stop: '95,25', risk: '0,5 %', targets: '110,5 120', holdH: '0' }).result;
  expect(points.problems).toEqual([]);
  expect(points.figures.quantity.value).not.toBeNull();
  expect(commas).toEqual(points);
  expect(commas.targets.map(({ price }) => price)).toEqual(['110.5', '120']);
});

it('refuses what has two readings where it is typed, with both, and shows it as it was typed', () => {
  takeNotationFrom({ notation: notationOf('comma') });
  const { result, problems, typed } = sized({ entry: '1.234', stop: '190,25' });
  expect(problems.get('entry')).toEqual([{ field: 'entry', wrong: '1.234 can be 1234 or 1,234.', right: 'Type 1234 or 1,234.' }]);
  expect(result.figures.quantity.value).toBeNull();
  expect(inField(typed['entry'] ?? '')).toBe('1.234');
  // 0,5 % is a risk; 1.234 % is two, and neither is taken.
  expect(sized({ risk: '1.234' }).problems.get('risk')?.[0]?.wrong).toBe('1.234 can be 1234 or 1,234.');
});

it('says what is wrong in the numbers of the format', () => {
  takeNotationFrom({ notation: notationOf('comma') });
  expect(sized({ entry: '200,5', stop: '210,25', side: 'long' }).problems.get('stop')).toEqual([
    { field: 'stop', wrong: 'The stop 210,25 is on the wrong side of a long from 200,5.', right: 'Enter a stop below 200,5.' },
  ]);
});

it('keeps a space at which no line ends inside a number of a list', () => {
  takeNotationFrom({ notation: notationOf('space') });
  expect(plainTyped(of('targets'), '1\u202F210,5 1\u00A0220')).toBe('1210.5 1220');
  expect(plainTyped(of('entry'), '1 210,5')).toBe('1210.5');
});
