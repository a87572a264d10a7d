import { expect, test } from 'vitest';
import { type AnyMetric, findMetric } from '#domain/metrics/index.ts';
import { exactText, floorText, partName, partText, subjectOf, wordBeside, type Explanation } from '#renderer/features/metrics/audit.ts';
import { inputName, inputText, instrumentName, instrumentTable } from '#renderer/features/metrics/audit-inputs.ts';
import { windowLines } from '#renderer/features/metrics/audit-window.ts';

const HOUR = 3_600_000;
type Window = NonNullable<Explanation['window']>;
const window = (over: Partial<Window> = {}): Window => ({
  from: 0,
  to: 720 * HOUR,
  first: HOUR,
  last: 720 * HOUR,
  need: 360,
  coveredH: null,
  n: 720,
  possible: 720,
  gaps: 0,
  missing: 0,
  latestGap: null,
  sources: [],
  ...over,
});
const lines = (name: string, over: Partial<Window>, instruments: Explanation['instruments'] = null): string[] =>
  windowLines({ time: 720 * HOUR, window: window(over), instruments }, findMetric(name), 'utc').map(
    ({ label, text }) => `${label}: ${text}`,
  );

test('a window says what was used of it, from when to when, and what it lacks', () => {
  expect(lines('spike', {})).toEqual([
    'Used: 720 hours (at least 360 needed)',
    'First, last: 01 Jan 01:00 to 31 Jan 00:00 UTC',
    'Gaps: none',
  ]);
  expect(lines('spike', { n: 717, gaps: 3, latestGap: 700 * HOUR })).toContain('Gaps: 3 hours without data, the latest 30 Jan 04:00');
  expect(lines('spike', { n: 719, gaps: 1, latestGap: 700 * HOUR })).toContain('Used: 719 of 720 hours (at least 360 needed)');
});

test('settlements that are missing are gaps, and hours that are covered are not values', () => {
  const text = lines('cumulative-funding', { n: 87, possible: 90, need: 720, coveredH: 696, missing: 3, latestGap: 96 * HOUR });
  expect(text).toContain('Used: 87 of 90 settlements, 696 h covered, 720 h needed');
  expect(text).toContain('Gaps: 3 settlements missing, the latest 05 Jan 00:00');
  expect(text.join()).not.toContain('none');
  expect(lines('score', { gaps: 1, missing: 1, latestGap: 96 * HOUR })).toContain(
    'Gaps: 1 settlement without data, 1 settlement missing, the latest 05 Jan 00:00',
  );
});

test('what was not counted is not called none', () => {
  expect(lines('total-funding', { need: 1, missing: null })).toEqual([
    'Used: 720 settlements',
    'First, last: 01 Jan 01:00 to 31 Jan 00:00 UTC',
  ]);
  expect(lines('spike', { n: 0, first: null, last: null }).slice(1)).toEqual(['Gaps: none']);
});

test('instruments are counted apart from hours; sources stand where there are two', () => {
  expect(lines('spread-z', {}, { n: 3, of: 5 })[0]).toBe('Instruments: 3 of 5 used');
  const sources = [
    { name: 'f', source: 'running rate', n: 20 },
    { name: 'f', source: 'settlement', n: 4 },
    { name: 'mark', source: 'candle', n: 24 },
  ];
  expect(lines('regime', { sources })).toContain('Sources: funding f 20 running rate, 4 settlement');
});

const eight = { unit: '8h', intervalH: null, zone: 'utc' } as const;

test('an input says what it is, its figure and its unit', () => {
  expect(inputName('mark before')).toBe('mark before');
  expect(inputName('openInterest before')).toBe('open interest before');
  const input = { name: 'rate', value: 0.0001, source: 'settlement', time: 0 };
  expect(inputText(input, eight)).toEqual({ figure: '0.01', unit: '%/int' });
  expect(inputText({ ...input, name: 'mark before', value: 97_264.07 }, eight)).toEqual({ figure: '97,264.07', unit: '' });
  expect(inputText({ ...input, value: null }, eight).figure).toBe('\u2013');
});

test('the inputs of a group are a row for each instrument, their points in one line', () => {
  const input = (name: string, value: number | null) => ({ name, value, source: value === null ? 'not known' : 'stored', time: 0 });
  const inputs = [
    ...[input('a:X f', 0.0000125), input('a:X usd', 1_200_000)],
    ...[input('b:Y f', -0.0000071675), input('b:Y usd', 950)],
    ...[input('c:Z f', null), input('c:Z usd', null)],
  ];
  const table = instrumentTable(inputs, eight);
  expect(table?.fields).toEqual(['f, %/8h', 'OI, USD']);
  expect(table?.rows.map(({ id, figures }) => [id, figures[0]])).toEqual([
    ['a:X', '0.010000'],
    ['b:Y', '\u22120.005734'],
    ['c:Z', '\u2013'],
  ]);
  expect(table?.rows.map(({ leading }) => leading.source)).toEqual(['stored', 'stored', 'not known']);
  expect(instrumentName('a:X:Z', (id) => id.toUpperCase())).toBe('A X:Z');
  expect(instrumentTable([input('mark', 1), input('mark before', 1)], eight)).toBeNull();
});

test('a floor says on which side the value is, and whether that is why there is none', () => {
  const floor = { name: 'sigma', floor: 1e-6, value: 0.0145711482, applied: false };
  expect(floorText(floor)).toBe('sigma 0.01457115 is above its floor of 0.000001');
  expect(floorText({ ...floor, value: 0, applied: true })).toBe('sigma 0 is below its floor of 0.000001: no value');
});

test('a label does not say its word twice', () => {
  const beside = (name: string, word: string, figure: string): string => {
    const metric = findMetric(name);
    return metric === undefined ? 'no such metric' : wordBeside(metric, word, figure);
  };
  expect(beside('regime', 'new longs, longs pay', 'new longs')).toBe('longs pay');
  expect(beside('regime', 'new longs', 'new longs')).toBe('');
  expect(beside('score', 'overbought: price fell', '+0.71')).toBe('overbought: price fell');
});

test('parts read as words, with their unit behind', () => {
  expect(['openInterestUsd', 'elapsedH', 'premiumSoFar', 'dMark', 'p95'].map(partName)).toEqual([
    'open interest, USD',
    'elapsed, h',
    'premium so far',
    'dMark',
    'p95',
  ]);
});

test('a value of several instruments is not said to be of one', () => {
  const subject = (name: string): string => subjectOf(findMetric(name), 'BTC', 'BTC Bybit');
  expect(['spread', 'skew', 'basket-active', 'basket-divergence', 'score'].map(subject)).toEqual([
    'BTC',
    'BTC Bybit',
    'The list',
    'BTC Bybit',
    'BTC Bybit',
  ]);
});

test('every digit of a value stands in the unit of the screen, and beside it what is kept', () => {
  const metric = metricOf('ema-divergence');
  expect(exactText(metric, 0.000_006_437_5, eight)).toBe('exactly 0.00515 %/8h, kept as 0.00064375 % per hour');
  expect(exactText(metric, 0.000_006_437_5, { unit: 'interval', intervalH: 4 })).toBe(
    'exactly 0.002575 %/int, kept as 0.00064375 % per hour',
  );
  expect(exactText(metric, 0.000_006_437_5, { unit: '1h', intervalH: 4 })).toBe('exactly 0.00064375 %/1h');
  expect(exactText(metricOf('funding-rank'), 0.459_123, eight)).toBe('exactly 45.9123 percentile');
  expect(exactText(metricOf('score'), 0.714_321, eight)).toBe('exactly 0.714321');
});

test('parts of a rate are in its unit, other parts as they are', () => {
  expect(partText(metricOf('ema-divergence'), 'average', 0.0000125, eight)).toBe('0.01 %/8h');
  expect(partText(metricOf('funding'), 'intervalH', 8, eight)).toBe('8');
  expect(partText(metricOf('funding-z'), 'sd', 0.0001, eight)).toBe('0.0001');
  expect(partText(undefined, 'f', null, eight)).toBe('\u2013');
});

function metricOf(name: string): AnyMetric {
  const metric = findMetric(name);
  if (metric === undefined) throw new Error(`no metric ${name}`);
  return metric;
}
