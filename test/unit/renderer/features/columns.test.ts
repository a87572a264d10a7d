import { describe, expect, it } from 'vitest';
import { type CellContext, type Column, columnsOf } from '#renderer/features/watchlist/columns.ts';
import { rowOf } from '../row.ts';

const context: CellContext = { unit: '8h', zone: 'utc', now: 0, venueName: (id) => id, alerts: [], showsLater: false };
/** Their cells are named c0, c1 and so on. */
const chosen = (...choices: Parameters<typeof columnsOf>[0]): Column[] =>
  columnsOf(
    choices,
    choices.map((_, i) => `c${i}`),
  ).filter(({ metric }) => metric);

it('the asset says which alerts hold there, and since when', () => {
  const asset = columnsOf([], []).find(({ key }) => key === 'asset');
  const alerts = [
    { name: 'Stretched', phase: 'active', enteredAt: 0 },
    { name: 'Leaving', phase: 'recovering', enteredAt: null },
  ] as const;
  expect(asset?.explain(rowOf(), { ...context, now: 3 * 3_600_000, alerts })).toContain(
    '. Alerts: Stretched (active for 3h), Leaving (recovering)',
  );
  expect(asset?.explain(rowOf(), context)).not.toContain('lert');
});

it('a row that rests on what was learnt later says so in venue time, where that is shown', () => {
  const asset = columnsOf([], []).find(({ key }) => key === 'asset');
  const row = rowOf({ learnt: { later: 12, of: 21 } });
  const says = '; 12 of 21 settlements of the week before were learnt later';
  expect(asset?.explain(row, { ...context, showsLater: true })).toContain(says);
  expect(asset?.explain(row, context)).not.toContain('later');
  expect(asset?.explain(rowOf({ learnt: { later: 0, of: 21 } }), { ...context, showsLater: true })).not.toContain('later');
});

it('an instrument that accrues has no next settlement, and its interval is what its rate is quoted for', () => {
  const of = (key: string) => columnsOf([], []).find((column) => column.key === key);
  const accruing = rowOf({ continuous: true, intervalH: 8, nextFundingAt: null });
  expect(of('interval')?.explain(accruing, context)).toBe('Funding accrues all the time on this instrument; its rate is quoted for 8h');
  expect(of('next')?.explain(accruing, context)).toBe('There is no next settlement: funding accrues all the time');
  expect(of('next')?.explain(rowOf({ nextFundingAt: null }), context)).toBe('Next settlement: not known yet');
});

it('the interval is that of the settlements, and says what the venue states where they refute it', () => {
  const interval = columnsOf([], []).find(({ key }) => key === 'interval');
  const refuted = rowOf({ intervalH: 1, statedH: 8 });
  expect(interval?.text(refuted, context)).toBe('1h');
  expect(interval?.explain(refuted, context)).toBe('binance says 8h; its last settlements are 1h apart');
});

it('the asset says its class, or that its venue states none', () => {
  const asset = columnsOf([], []).find(({ key }) => key === 'asset');
  const of = (assetClass: 'equity' | null) => asset?.explain(rowOf({ instrument: { ...rowOf().instrument, assetClass } }), context);
  expect([of('equity'), of(null)]).toEqual([
    'TAO/USDT: TAOUSDT on binance, quoted in USDT, settled in USDT, equity',
    'TAO/USDT: TAOUSDT on binance, quoted in USDT, settled in USDT, class not stated',
  ]);
});

it('a rate that stood still for weeks is called pinned where the signal is quiet, with since when and at what', () => {
  const of = (key: string) => columnsOf([], []).find((column) => column.key === key);
  const DAY = 86_400_000;
  const pinned = { since: Date.UTC(2026, 9, 1, 8), rate: 0.0001 };
  const now = pinned.since + 31 * DAY;
  const words = 'every settlement since Thu 01 Oct 2026, 08:00 UTC has charged exactly +0.010000 %';
  expect(of('signal')?.text(rowOf({ pinned }), { ...context, now })).toBe('pinned 31d');
  for (const key of ['signal', 'rate']) expect(of(key)?.explain(rowOf({ pinned }), { ...context, now })).toContain(words);
  expect(of('signal')?.text(rowOf(), { ...context, now })).toBe('quiet');
  expect(of('rate')?.explain(rowOf(), context)).not.toContain('pinned');
  // What is told of a signal comes first, and a contract that is gone is called so.
  const signal = { ...rowOf().signal, phase: 'building', side: 1, periods: 2 } as const;
  expect(of('signal')?.text(rowOf({ pinned, signal }), { ...context, now })).toBe('building 2/3');
  expect(of('signal')?.text(rowOf({ pinned, status: 'unlisted' }), { ...context, now })).toBe('unlisted');
});

describe('columns of chosen metrics', () => {
  const row = rowOf({
    cells: {
      c0: { value: 0.92, reason: null, word: 'overbought: price fell' },
      c1: { value: null, reason: 'flat', word: '' },
      c2: { value: null, reason: 'waiting', word: '' },
    },
  });

  it('stand after the signal, each once, with the value of their own place', () => {
    const keys = columnsOf(
      [
        { metric: 'score', params: {} },
        { metric: 'score', params: { w: 30 } },
        { metric: 'spike', params: {} },
      ],
      [],
    ).map(({ title }) => title);
    expect(keys.slice(6, 10)).toEqual(['Signal', 'Volatility-adjusted score', 'Funding spike', 'Int']);
    const columns = chosen({ metric: 'score', params: {} }, { metric: 'spike', params: {} });
    expect(columns.map((column) => column.text(row, context))).toEqual(['+0.92', '\u2013']);
    expect(columns.map((column) => column.sort(row))).toEqual([0.92, Number.NaN]);
  });

  it('say in a sentence what the figure is, or why there is none', () => {
    const [score, spike, regime] = chosen(
      { metric: 'score', params: {} },
      { metric: 'spike', params: {} },
      { metric: 'regime', params: {} },
    );
    expect(score?.explain(row, context)).toContain('Volatility-adjusted score, w 30: +0.92, overbought: price fell.');
    expect(spike?.explain(row, context)).toBe('Funding spike, 30d: flat: the values do not vary enough to divide by.');
    expect(regime?.explain(row, context)).toContain('waiting');
    expect(regime?.explain(rowOf(), context)).toContain('not computed yet');
  });

  it('of another version show no value and nothing to ask', () => {
    const [lost] = chosen({ metric: 'of-another-version', params: {} });
    expect(lost?.text(row, context)).toBe('\u2013');
    expect(lost?.explain(row, context)).toContain('no such metric');
    expect(lost?.choice).toBeUndefined();
  });
});

describe('a venue that has not answered for long', () => {
  const of = (key: string) => columnsOf([], []).find((column) => column.key === key);
  const HOUR = 3_600_000;
  const dead = rowOf({
    f: null,
    d: null,
    why: 'stale',
    observedAt: 0,
    rate: 0.0002,
    intervalH: 8,
    spark: Float64Array.of(1e-5, 2e-5, NaN),
    sparkEnd: HOUR,
  });
  const now = 4 * HOUR;

  it('its last rate stays, with its age, and D is that of the last close', () => {
    expect(of('rate')?.text(dead, { ...context, now })).toBe('+0.0200');
    expect(of('rate')?.explain(dead, { ...context, now })).toBe('Last running rate, 4 h old: longs pay 0.0200 % per 8h');
    expect(of('d')?.text(dead, { ...context, now })).toBe('+0.0160');
    expect(of('d')?.explain(dead, { ...context, now })).toBe(
      'Divergence of the last close, Thu 01 Jan 1970, 00:00 UTC: +0.0160 % per 8h; last poll too old, no D',
    );
  });

  it('what was never known stays a dash', () => {
    expect(of('rate')?.text({ ...dead, rate: null }, context)).toBe('\u2013');
    expect(of('d')?.text({ ...dead, spark: new Float64Array(), sparkEnd: null }, context)).toBe('\u2013');
    // A gap is no age: what is current is not known.
    expect(of('d')?.text({ ...dead, why: 'gap' }, context)).toBe('\u2013');
  });
});

it('every column says at its header what it is, and the signal where it comes from', () => {
  for (const column of [...columnsOf([], []), ...chosen({ metric: 'score', params: {} })]) expect(column.says, column.key).not.toBe('');
  const signal = columnsOf([], []).find(({ key }) => key === 'signal');
  expect(signal?.choice?.(rowOf())).toEqual({ metric: 'signal', params: { theta: 0.0005, k: 3, n: 12 } });
});
