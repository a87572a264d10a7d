import { describe, expect, it } from 'vitest';
import { findMetric, METRICS } from '#domain/metrics/index.ts';
import { REASONS } from '#domain/metrics/reason.ts';
import { choiceTitle, metricFigure, metricHeader, metricPhrase, paramsText, plainNumber, whyNone } from '#renderer/format/metric-text.ts';

const metric = (name: string): (typeof METRICS)[number] => {
  const found = findMetric(name);
  if (!found) throw new Error(`No metric ${name}`);
  return found;
};
const scale = { unit: '8h', intervalH: 4 } as const;

describe('a metric in words', () => {
  it('writes every unit with a true minus and never a minus zero', () => {
    const figures: [string, number | null, string][] = [
      ['funding', 0.000_012_5, '+0.0100'],
      ['funding', -0.000_000_000_1, '0.0000'],
      ['implied-divergence', -0.0001, '\u22120.0100'],
      ['cumulative-funding', 0.004_905, '+0.4905'],
      ['annualised-premium', 0.5, '+50.00'],
      ['premium', -0.000_55, '\u22120.055'],
      ['book-imbalance', 0.1234, '+0.123'],
      ['score', -0.5, '\u22120.50'],
      ['funding-rank', 0.689, '68.9'],
      ['half-life', 12.34, '12.3'],
      ['sign-flips', 7, '7'],
      ['funding-money', -1_240_000, '\u22121.24M'],
      ['regime', 5, 'capitulation'],
      ['score', null, '\u2013'],
    ];
    for (const [name, value, text] of figures) expect([name, metricFigure(metric(name), value, scale)]).toEqual([name, text]);
  });

  it('only a rate per hour follows the chosen unit', () => {
    expect(metricHeader(metric('funding'), 'apr')).toBe('% APR');
    expect(metricHeader(metric('cumulative-funding'), 'apr')).toBe('%');
    expect(metricFigure(metric('funding'), 0.0001, { unit: 'interval', intervalH: null })).toBe('\u2013');
    expect(metricPhrase(metric('funding'), 0.0001, scale)).toBe('+0.0800 % per 8h');
    expect(metricPhrase(metric('regime'), 1, scale)).toBe('new longs');
  });

  it('has a header for every registered metric, and a sentence for every reason', () => {
    for (const each of METRICS) expect(metricHeader(each, '8h') === '').toBe(each.unit === 'label');
    for (const reason of [...REASONS, 'waiting', 'unknown-metric', null]) expect(whyNone(reason)).toMatch(/^[A-Z].+\.$/u);
  });
});

describe('a choice by name', () => {
  it('says what tells it apart and nothing else', () => {
    expect(paramsText({ metric: 'cumulative-funding', params: {} })).toBe('30d');
    expect(paramsText({ metric: 'ema-divergence', params: { n: 24, average: 'simple' } })).toBe('n 24, simple');
    expect(paramsText({ metric: 'signal', params: { theta: 0.001 } })).toBe('theta 0.1 %');
    expect(paramsText({ metric: 'annualised-premium', params: {} })).toBe('');
    expect(choiceTitle({ metric: 'cost-on-margin', params: { leverage: 5 } })).toBe('Cost on margin, 5\u00d7');
    expect(choiceTitle({ metric: 'of-another-version', params: {} })).toBe('of-another-version');
  });

  it('writes numbers so that they read back exactly', () => {
    for (const value of [0.1 + 0.2, 1e-9, 0.000_012_5, 123_456.789, 0]) expect(Number(plainNumber(value))).toBeCloseTo(value, 12);
    expect(plainNumber(-0.001)).toBe('\u22120.001');
  });
});
