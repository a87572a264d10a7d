import { describe, expect, it } from 'vitest';
import { METRICS } from '#domain/metrics/index.ts';
import { decimal, type ParamSpec, whole } from '#domain/metrics/params.ts';
import { choiceKey, parseParam, steppedParam, withParam } from '#renderer/features/metrics/choice.ts';
import { paramValue } from '#renderer/format/metric-text.ts';

const days = whole('Days.', { default: 30, min: 1, max: 3650, unit: 'd' });
const theta = decimal('Threshold.', { default: 0.0005, min: 1e-9, max: 0.1, unit: 'per hour' });

describe('a typed parameter', () => {
  it('is read in the unit that the field shows', () => {
    expect(parseParam(days, ' 14 ')).toEqual({ ok: true, value: 14 });
    expect(parseParam(theta, '0.05 %')).toEqual({ ok: true, value: 0.0005 });
  });

  it('that cannot be used says what can', () => {
    expect(parseParam(days, '1.5')).toEqual({ ok: false, why: '1.5 is not a whole number. Enter a whole number, 1 to 3650 d.' });
    const comma = 'Use a point for decimals and nothing between thousands.';
    expect(parseParam(days, '1,250')).toEqual({
      ok: false,
      why: `"1,250" is not a number. Type 1250. Enter a whole number, 1 to 3650 d. ${comma}`,
    });
    expect(parseParam(days, '0')).toEqual({ ok: false, why: '0 is below 1. Enter a whole number, 1 to 3650 d.' });
    expect(parseParam(theta, 'much')).toEqual({ ok: false, why: '"much" is not a number. Enter a number, 0.0000001 to 10 % per hour.' });
    expect(parseParam(theta, '0,05')).toMatchObject({ why: expect.stringMatching(/^"0,05" is not a number\. Type 0\.05\. /u) as string });
  });

  it('of every metric: what the field shows reads back, its bounds are in it, and words are not', () => {
    const specs = METRICS.flatMap(({ params }) => Object.values<ParamSpec>(params)).filter((spec) => spec.kind === 'number');
    expect(specs.some(({ min }) => min < 0)).toBe(true);
    for (const spec of specs) {
      for (const value of [spec.default, spec.min, spec.max]) {
        expect(parseParam(spec, paramValue(spec, value)), spec.says).toEqual({ ok: true, value: value + 0 });
      }
      expect(parseParam(spec, 'much'), spec.says).toMatchObject({ ok: false });
      expect(parseParam(spec, '1e19'), spec.says).toMatchObject({ why: expect.stringMatching(/^1e19 is above /u) as string });
    }
  });

  it('steps by one, or by half the leading digit, inside its bounds', () => {
    expect(steppedParam(days, 30, 1)).toBe(31);
    expect(steppedParam(days, 1, -1)).toBe(1);
    expect(steppedParam(theta, 0.0005, 1)).toBe(0.000_55);
    expect(steppedParam(theta, 0.1, 1)).toBe(0.1);
  });
});

describe('choices of a metric', () => {
  it('are one where they give the same values', () => {
    expect(choiceKey({ metric: 'score', params: { w: 30 } })).toBe(choiceKey({ metric: 'score', params: {} }));
    expect(choiceKey({ metric: 'score', params: { w: 12, rf: 0 } })).toBe(choiceKey({ metric: 'score', params: { rf: 0, w: 12 } }));
    expect(choiceKey({ metric: 'score', params: { w: 12 } })).not.toBe(choiceKey({ metric: 'score', params: {} }));
  });

  it('keep only what differs from the defaults', () => {
    const changed = withParam({ metric: 'score', params: {} }, 'w', 12);
    expect(changed).toEqual({ metric: 'score', params: { w: 12 } });
    expect(withParam(changed, 'w', 30)).toEqual({ metric: 'score', params: {} });
  });
});
