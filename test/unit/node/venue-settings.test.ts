import { expect, test } from 'vitest';
import { withNewVenues } from '#node/venue-settings.ts';

const of = (enabled: boolean, pollSeconds = 30) => ({ enabled, url: null, pollSeconds });
const defaults = { a: of(true), b: of(true), c: of(false) };

test.each([
  ['a new user has the defaults', defaults, defaults],
  ['what a file of before does not name is off', { a: of(true, 60) }, { a: of(true, 60), b: of(false), c: of(false) }],
  ['one that a person switched off stays off', { a: of(false) }, { a: of(false), b: of(false), c: of(false) }],
  ['a venue of a later version keeps its settings', { a: of(true), z: of(true) }, { a: of(true), z: of(true), b: of(false), c: of(false) }],
])('%s', (_, read, expected) => expect(withNewVenues(read, defaults)).toEqual(expected));
