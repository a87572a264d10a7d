import { expect, test } from 'vitest';
import { SEVERITIES } from '#domain/telling.ts';
import { TONES } from '#renderer/ui/sound.ts';

test('each severity is heard as another one, and no tone runs into the next', () => {
  expect(SEVERITIES.map((severity) => TONES[severity].length)).toEqual([1, 2, 3]);
  for (const severity of SEVERITIES)
    for (const [i, { at }] of TONES[severity].entries()) expect(at - (TONES[severity][i - 1]?.at ?? -1)).toBeGreaterThan(0.12);
});
