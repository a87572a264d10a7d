import { describe, expect, test } from 'vitest';
import { type Random, randomOf } from '#domain/evidence/bootstrap.ts';
import { DRAWS, type ExitRule, type StudyTerms } from '#domain/evidence/question.ts';
import { type SearchedAnswer, SearchRun } from '#domain/evidence/searched.ts';
import { signalOf } from '#domain/evidence/signal-events.ts';
import { study, StudyRun } from '#domain/evidence/study.ts';
import { tapeOf, type TapeSource } from '#domain/evidence/tape.ts';
import type { Studied } from '#domain/evidence/against.ts';
import { HOUR_MS } from '#domain/time.ts';
import { plainEvents, type PlainMarket, plainTrades } from '#test/support/plain-study.ts';

const START = Date.UTC(2025, 0, 1);
const DAY_MS = 24 * HOUR_MS;

const TERMS: StudyTerms = {
  events: 'entries',
  side: 'against',
  exit: { on: 'horizon', hours: 24 },
  delayH: 0,
  costBp: 5,
  funding: 'next',
  seed: 1,
  draws: 200,
  shifts: 100,
  tries: 1,
  size: 'fixed',
  capital: 10_000,
  exposure: 1,
};

interface Row {
  readonly time: number;
  readonly value: number;
}

interface Market extends PlainMarket {
  readonly rows: readonly Row[];
}

const gauss = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

interface Walk {
  readonly hours?: number;
  readonly everyH?: number;
  readonly contract?: PlainMarket['contract'];
  readonly holes?: number;
  readonly drift?: number;
}
/** Prices that walk, rates that come back to their mean; some hours without a price. */
function marketOf(seed: number, { hours = 24 * 200, everyH = 8, contract = 'linear', holes = 0.02, drift = 0 }: Walk = {}): Market {
  const random = randomOf(seed, 3);
  const prices = new Map<number, number>();
  const settlements: { at: number; rate: number; mark: number }[] = [];
  let price = 100;
  let rate = 0;
  for (let h = 0; h <= hours; h++) {
    const at = START + h * HOUR_MS;
    price *= Math.exp(0.004 * gauss(random) - drift * rate);
    if (random() >= holes) prices.set(at, price);
    if (h % everyH !== 0) continue;
    rate = 0.7 * rate + 0.0003 * gauss(random);
    settlements.push({ at, rate, mark: price });
  }
  return {
    contract,
    prices,
    settlements,
    lastHour: START + hours * HOUR_MS,
    rows: settlements.map(({ at, rate: value }) => ({ time: at, value })),
  };
}

function sourceOf(market: PlainMarket, more: Partial<TapeSource> = {}): TapeSource {
  const column = (of: (one: PlainMarket['settlements'][number]) => number): Float64Array => Float64Array.from(market.settlements, of);
  const everyH = ((market.settlements[1]?.at ?? 0) - (market.settlements[0]?.at ?? 0)) / HOUR_MS;
  return {
    id: 'v:X',
    contract: market.contract,
    settled: {
      time: column(({ at }) => at),
      rate: column(({ rate }) => rate),
      intervalH: column(() => everyH),
      mark: column(({ mark }) => mark),
    },
    prices: { close: Float64Array.from(market.prices.keys()), price: Float64Array.from(market.prices.values()) },
    formulaChanges: [],
    delistedAt: NaN,
    ...more,
  };
}

interface Asked {
  readonly level?: number;
  readonly release?: number;
  readonly events?: 'entries' | 'every';
  readonly source?: Partial<TapeSource>;
  readonly windowMs?: number;
}

function studiedOf(market: Market, { level = 0.0003, release = 0.8, events = 'entries', source = {}, windowMs = 0 }: Asked = {}): Studied {
  const everyMs = (market.rows[1]?.time ?? 0) - (market.rows[0]?.time ?? 0);
  const signal = signalOf({
    conditions: [{ op: 'outside', level, release }],
    k: 1,
    by: 'rows',
    rows: [market.rows.map((row) => ({ ...row, periodMs: everyMs }))],
    from: -Infinity,
    to: market.lastHour,
    closedTo: market.lastHour,
    events,
  });
  return { tape: tapeOf(sourceOf(market, source), market.lastHour), signal, windowMs };
}

const EXITS: readonly (readonly [ExitRule, number | 'settlement' | 'signal-end'])[] = [
  [{ on: 'horizon', hours: 8 }, 8],
  [{ on: 'horizon', hours: 72 }, 72],
  [{ on: 'settlement' }, 'settlement'],
  [{ on: 'signal-end' }, 'signal-end'],
];

describe('trades are those of a plain loop over lists', () => {
  const markets = [
    marketOf(1),
    marketOf(2, { contract: 'inverse' }),
    marketOf(3, { everyH: 1, hours: 24 * 40 }),
    { ...marketOf(4), prices: new Map() },
  ];
  const cases = markets.flatMap((market, i) =>
    EXITS.flatMap(([exit, plain]) =>
      (['entries', 'every'] as const).flatMap((events) =>
        (['next', 'own', 'none'] as const).flatMap((funding) =>
          [0, 8].map((delayH) => ({ i, market, exit, plain, events, funding, delayH })),
        ),
      ),
    ),
  );
  test.each(cases)('market $i, $plain, $events, funding $funding, delay $delayH', ({ market, exit, plain, events, funding, delayH }) => {
    const side = delayH === 0 ? 'against' : 'with';
    const found = study([studiedOf(market, { events })], { ...TERMS, exit, events, funding, delayH, side, shifts: 2, draws: 2 });
    const expected = plainTrades(market, plainEvents(market.rows, { level: 0.0003, release: 0.8, mode: events }), {
      events,
      side,
      exit: plain,
      delayH,
      costBp: 5,
      funding,
    });
    expect(expected.length).toBeGreaterThan(0);
    expect(found.trades.map(({ signalAt, enteredAt, exitedAt }) => [signalAt, enteredAt, exitedAt])).toEqual(
      expected.map(({ at, enteredAt, exitedAt }) => [at, enteredAt, exitedAt]),
    );
    for (const [n, one] of expected.entries()) {
      expect(found.trades[n]!.funding).toBeCloseTo(one.funding, 14);
      expect(found.trades[n]!.net).toBeCloseTo(one.net, 13);
    }
    expect(found.all!.net).toBeCloseTo(expected.reduce((sum, { net }) => sum + net, 0) / expected.length, 13);
    expect(found.all!.price === null).toBe(market.prices.size === 0);
    expect(found.all!.breakEvenCost).toBeCloseTo(found.all!.gross / 2, 15);
  });
});

test('the size of the move has an interval of its own: above 1 where moves after events are three times as large, none of too few', () => {
  const calm = marketOf(9, { holes: 0, hours: 24 * 600 });
  const events = plainEvents(calm.rows, { level: 0.0003, release: 0.8, mode: 'entries' }).map(({ at }) => at);
  const wild = new Map<number, number>();
  let [before, price] = [100, 100];
  for (const [at, one] of calm.prices) {
    const isAfter = events.some((event) => at > event && at <= event + 25 * HOUR_MS);
    price *= (one / before) ** (isAfter ? 3 : 1);
    before = one;
    wild.set(at, price);
  }
  const found = study([studiedOf({ ...calm, prices: wild })], { ...TERMS, shifts: 2 });
  expect(found.counted.n).toBeGreaterThan(30);
  const { ratio, interval } = found.move!;
  expect([interval!.low > 1, interval!.low < ratio, interval!.high > ratio]).toEqual([true, true, true]);
  // Of a market in which events are like all other times it holds 1.
  const plain = study([studiedOf(calm)], { ...TERMS, shifts: 2 }).move!;
  expect([plain.interval!.low < 1, plain.interval!.high > 1]).toEqual([true, true]);
  const few = study([studiedOf(marketOf(9, { hours: 24 * 50 }))], { ...TERMS, shifts: 2 });
  expect([few.counted.n < 30, few.move?.interval]).toEqual([true, null]);
});

test('a shift is the same trades of the signal turned round', () => {
  const market = marketOf(5, { holes: 0 });
  const studied = studiedOf(market);
  const found = study([studied], { ...TERMS, shifts: 40 });
  const random = randomOf(TERMS.seed, 1);
  const events = plainEvents(market.rows, { level: 0.0003, release: 0.8, mode: 'entries' });
  const periods = market.rows.length;
  const means = Array.from({ length: 40 }, () => {
    const by = 1 + Math.floor(random() * (periods - 1));
    const turned = events
      .map((event) => ({ ...event, at: market.rows[(market.rows.findIndex(({ time }) => time === event.at) + by) % periods]!.time }))
      .sort((a, b) => a.at - b.at);
    const nets = plainTrades(market, turned, { events: 'entries', side: 'against', exit: 24, delayH: 0, costBp: 5, funding: 'next' });
    return nets.reduce((sum, { net }) => sum + net, 0) / nets.length;
  }).sort((a, b) => a - b);
  expect(found.placebo!.shifts).toBe(40);
  expect(found.placebo!.below).toBe(means.filter((mean) => mean < found.all!.net).length / 40);
  // Type 7 of 40 values at 0.975.
  expect(found.placebo!.bound).toBeCloseTo(means[38]! + 0.025 * (means[39]! - means[38]!), 13);
});

test('the baseline is the same mix of sides at every period without an event', () => {
  const market = marketOf(6, { holes: 0 });
  const found = study([studiedOf(market)], { ...TERMS, shifts: 2, draws: 2 });
  const events = new Set(plainEvents(market.rows, { level: 0.0003, release: 0.8, mode: 'entries' }).map(({ at }) => at));
  const others = market.rows.filter(({ time }) => !events.has(time));
  const both = ([1, -1] as const).map((crowd) =>
    plainTrades(
      market,
      others.map(({ time }) => ({ at: time, crowd, endAt: null })),
      { events: 'every', side: 'with', exit: 24, delayH: 0, costBp: 5, funding: 'next' },
    ),
  );
  const mean = (trades: readonly { net: number }[]): number => trades.reduce((sum, { net }) => sum + net, 0) / trades.length;
  const long = found.trades.filter(({ side }) => side === 1).length / found.trades.length;
  expect(found.baseline!.n).toBe(both[0]!.length);
  expect(found.baseline!.net).toBeCloseTo(long * mean(both[0]!) + (1 - long) * mean(both[1]!), 13);
});

describe('four verdicts', () => {
  test('paid: prices that fall after a positive rate', () => {
    expect(study([studiedOf(marketOf(7, { drift: 8, hours: 24 * 400 }))], { ...TERMS, shifts: 300 }).verdict).toBe('paid');
  });
  test('lost: the other side of it', () => {
    expect(study([studiedOf(marketOf(7, { drift: 8, hours: 24 * 400 }))], { ...TERMS, side: 'with' }).verdict).toBe('lost');
  });
  test('not told apart from chance, with the smallest effect that would have been seen', () => {
    const found = study([studiedOf(marketOf(8))], { ...TERMS, costBp: 0 });
    expect(found.verdict).toBe('not told apart from chance');
    expect(found.smallestSeen).toBeCloseTo(2.8016 * found.interval!.se, 6);
  });
  test('too few: below 30 that do not overlap there is no interval, no hit rate and no placebo', () => {
    const found = study([studiedOf(marketOf(9, { hours: 24 * 30 }))], TERMS);
    expect(found.all!.n).toBeLessThan(30);
    expect(found).toMatchObject({ verdict: 'too few', interval: null, placebo: null, sharpe: null, all: { hitRate: null } });
    expect(found.smallestSeen).toBeGreaterThan(0);
  });
  test('every period of a few long runs is still too few', () => {
    const market = marketOf(10, { hours: 24 * 60 });
    const found = study([studiedOf(market, { events: 'every', level: 0.0001 })], {
      ...TERMS,
      events: 'every',
      exit: { on: 'horizon', hours: 168 },
    });
    expect(found.all!.n).toBeGreaterThan(60);
    expect(found).toMatchObject({ verdict: 'too few', counted: { of: 'events' } });
  });
  test('of a list weeks count, and calendar weeks are drawn whole', () => {
    const list = [marketOf(11), marketOf(12)].map((market, i) => studiedOf(market, { source: { id: `v:${i}` } }));
    const found = study(list, TERMS);
    expect(found.counted.of).toBe('weeks');
    expect(found.counted.n).toBeLessThanOrEqual(30);
    const longer = study(
      [marketOf(13, { hours: 24 * 400 }), marketOf(14, { hours: 24 * 400 })].map((market, i) =>
        studiedOf(market, { source: { id: `v:${i}` } }),
      ),
      TERMS,
    );
    expect(longer.interval!.blocks).toEqual({ of: 'weeks', count: longer.counted.n });
    expect(longer.byInstrument.map(({ of }) => of)).toEqual(['v:0', 'v:1']);
  });
});

test('the same seed gives the same answer, another one other draws', () => {
  const ask = (seed: number) => study([studiedOf(marketOf(15))], { ...TERMS, seed });
  expect(ask(3)).toEqual(ask(3));
  expect(ask(4).interval!.low).not.toBe(ask(3).interval!.low);
  expect(ask(4).all).toEqual(ask(3).all);
});

describe('what is listed apart', () => {
  const market = marketOf(16, { holes: 0 });

  test('an event whose hold or window spans a change of the interval or of the formula', () => {
    const change = START + 100 * DAY_MS + HOUR_MS / 2;
    const changed = study([studiedOf(market, { source: { formulaChanges: [change] }, windowMs: 3 * DAY_MS })], TERMS);
    const plain = study([studiedOf(market)], TERMS);
    const spans = ({ signalAt, exitedAt }: { signalAt: number; exitedAt: number }): boolean =>
      signalAt - 3 * DAY_MS < change && exitedAt >= change;
    expect(changed.acrossChange.trades.length).toBeGreaterThan(0);
    expect(changed.acrossChange.trades.map(({ signalAt }) => signalAt)).toEqual(plain.trades.filter(spans).map(({ signalAt }) => signalAt));
    expect(changed.trades.length + changed.acrossChange.trades.length).toBe(plain.trades.length);
  });

  test('a change of the interval is seen in the settlements', () => {
    const intervalH = Float64Array.from(market.settlements, (_, i) => (i < 300 ? 8 : 4));
    const settled = { ...sourceOf(market).settled, intervalH };
    const at = market.settlements[300]!.at;
    const found = study([studiedOf(market, { source: { settled } })], { ...TERMS, exit: { on: 'horizon', hours: 168 } });
    expect(found.acrossChange.trades.length).toBeGreaterThan(0);
    for (const { signalAt, exitedAt } of found.acrossChange.trades) expect(signalAt < at && exitedAt >= at).toBe(true);
  });

  const eventAt = (time: number): readonly Row[] => market.rows.map((row) => ({ ...row, value: row.time === time ? 0.01 : 0 }));
  test('a position that is open at the end is valued at the last stored price, funding to the last settlement, and apart', () => {
    // Two days before the end, for a week; the prices end ten hours before the settlements do.
    const until = market.lastHour - 10 * HOUR_MS;
    const prices = new Map([...market.prices].filter(([at]) => at <= until));
    const at = market.lastHour - 2 * DAY_MS;
    const week = { ...TERMS, exit: { on: 'horizon', hours: 168 } } as const;
    const found = study([studiedOf({ ...market, prices, rows: eventAt(at) })], week);
    expect(found).toMatchObject({ incomplete: 0, all: null, verdict: 'too few', trades: [], equity: { final: 10_000 } });
    const [open, ...others] = found.open.trades;
    const [entered, valued] = [open!.enteredAt, Math.max(...prices.keys())];
    expect([others, open!.exitedAt, found.open.figures!.n]).toEqual([[], valued, 1]);
    const [entry, last] = [prices.get(entered)!, prices.get(valued)!];
    const held = market.settlements.filter((one) => one.at > entered);
    const funding = held.reduce((sum, { rate, mark }) => sum + (rate * mark) / entry, 0);
    expect(held.some((one) => one.at > valued)).toBe(true);
    expect(open!.settlements).toBe(held.length);
    expect(open!.net).toBeCloseTo(1 - last / entry + funding - 0.001, 13);
    // As long as it is open the next one does not begin; every period has its own.
    const twice = market.rows.map((row) => ({ ...row, value: row.time === at || row.time === at + DAY_MS ? 0.01 : 0 }));
    expect(study([studiedOf({ ...market, prices, rows: twice })], week)).toMatchObject({ overlapping: 1, open: { trades: [{}] } });
    const every = { ...week, events: 'every' } as const;
    expect(study([studiedOf({ ...market, prices, rows: twice }, { events: 'every' })], every).open.trades).toHaveLength(2);
  });

  test('an event after whose entry nothing is stored is counted and has no value', () => {
    const market9 = { ...market, lastHour: market.lastHour - 7 * HOUR_MS };
    const rows = eventAt(market9.lastHour - HOUR_MS);
    const prices = new Map([...market.prices].filter(([at]) => at < market9.lastHour)).set(market9.lastHour, 100);
    const found = study([studiedOf({ ...market9, prices, rows })], TERMS);
    expect(found).toMatchObject({ incomplete: 1, open: { figures: null, trades: [] } });
  });

  test('a delisting inside a hold ends it at the last stored price, in the averages and as its own line', () => {
    const delistedAt = START + 20 * DAY_MS;
    const until = START + 20 * DAY_MS - 3 * HOUR_MS;
    const prices = new Map([...market.prices].filter(([at]) => at <= until));
    const event = START + 19 * DAY_MS + 8 * HOUR_MS;
    const rows = market.rows.filter(({ time }) => time < delistedAt).map(({ time }) => ({ time, value: time === event ? 0.001 : 0 }));
    const settlements = market.settlements.filter(({ at }) => at < delistedAt);
    const studied = studiedOf({ ...market, prices, settlements, rows, lastHour: START + 40 * DAY_MS }, { source: { delistedAt } });
    const found = study([studied], { ...TERMS, exit: { on: 'horizon', hours: 168 } });
    expect(found.trades.map(({ exitedAt, delisted }) => [exitedAt, delisted])).toEqual([[until, true]]);
    expect(found.delisted!.n).toBe(1);
    expect(found.all!.n).toBe(1);
  });

  test('missing settlements inside a hold are counted', () => {
    const settlements = market.settlements.filter((_, i) => i % 50 !== 25);
    const found = study([studiedOf({ ...market, settlements, rows: market.rows })], { ...TERMS, exit: { on: 'horizon', hours: 168 } });
    expect(found.missingSettlements).toBeGreaterThan(0);
  });
});

test('moves at events are held against the volatility before them, as at all other times', () => {
  const quiet = study([studiedOf(marketOf(17, { hours: 24 * 400, holes: 0 }))], TERMS);
  expect(quiet.move!.ratio).toBeGreaterThan(0.8);
  expect(quiet.move!.ratio).toBeLessThan(1.2);
  const [trade] = quiet.trades.filter(({ move }) => Number.isFinite(move));
  expect(trade!.best).toBeGreaterThanOrEqual(0);
  expect(trade!.worst).toBeLessThanOrEqual(0);
});

interface AtLevel {
  readonly level: number;
  readonly studied: readonly Studied[];
}
/** One instrument after the other, twice. */
function searched(levels: readonly AtLevel[], terms: StudyTerms): SearchedAnswer {
  const run = new SearchRun(
    levels.map(({ level }) => level),
    terms,
  );
  const addAll = (): void => {
    for (const i of levels[0]!.studied.keys()) run.add(levels.map(({ studied }) => studied[i]!));
  };
  addAll();
  run.judge();
  addAll();
  return run.answer();
}

test('a search that holds one instrument at a time says what one over all of them at once says, to the last digit', () => {
  const markets = [21, 22, 23].map((seed) => marketOf(seed, { hours: 24 * 365 * 3, drift: 6 }));
  const levels = [0.0002, 0.0003, 0.0004].map((level) => ({ level, studied: markets.map((market) => studiedOf(market, { level })) }));
  const terms = { ...TERMS, tries: 3 };
  const found = searched(levels, TERMS);
  const atLevel = levels.map(({ level, studied }) => ({ level, answer: study(studied, terms) }));
  const best = atLevel.reduce((a, b) => (b.answer.all!.net > a.answer.all!.net ? b : a));
  expect([found.level, found.inSample]).toEqual([best.level, best.answer]);
  const levelOf = new Map(found.chosen.map(({ year, level }) => [year, level]));
  expect(levelOf.size).toBe(2);
  const yearOf = (t: number): number => new Date(t).getUTCFullYear();
  const whole = markets.map((_, i): Studied => {
    const [first] = levels;
    const { periods, values } = first!.studied[i]!.signal;
    const from = periods.findIndex((t) => levelOf.has(yearOf(t)));
    const events = levels
      .flatMap(({ level, studied }) => studied[i]!.signal.events.filter(({ at }) => levelOf.get(yearOf(at)) === level))
      .sort((a, b) => a.at - b.at)
      .map((event) => ({ ...event, period: event.period - from }));
    const signal = { ...first!.studied[i]!.signal, periods: periods.slice(from), values: values.slice(from), events };
    return { ...first!.studied[i]!, signal };
  });
  expect(found.outOfSample.trades.length).toBeGreaterThan(30);
  expect(found.outOfSample).toEqual(study(whole, terms));
});

test('a searched threshold is judged out of sample by year, and every level is a try', () => {
  const market = marketOf(18, { hours: 24 * 365 * 3, drift: 8 });
  const levels = [0.0002, 0.0003, 0.0004].map((level) => ({ level, studied: [studiedOf(market, { level })] }));
  const found = searched(levels, TERMS);
  expect(found.chosen.map(({ year }) => year)).toEqual([2026, 2027]);
  for (const { year, level, net, n } of found.chosen) {
    const before = levels.map((at) => {
      const nets = study(at.studied, TERMS)
        .trades.filter(({ exitedAt }) => exitedAt < Date.UTC(year, 0, 1))
        .map((one) => one.net);
      return { level: at.level, n: nets.length, net: nets.reduce((a, b) => a + b, 0) / nets.length };
    });
    const best = before.toSorted((a, b) => b.net - a.net)[0]!;
    expect([level, n]).toEqual([best.level, best.n]);
    expect(net).toBeCloseTo(best.net, 13);
  }
  expect(found.outOfSample.trades.every(({ signalAt }) => signalAt >= Date.UTC(2026, 0, 1))).toBe(true);
  expect(found.inSample.sharpe!.tries).toBe(3);
  expect(found.verdict).toBe('paid');
});

test('a search among noise that looks paid in sample is not called paid', () => {
  const market = marketOf(19, { hours: 24 * 365 * 3 });
  const levels = [0.0002, 0.0003, 0.0004, 0.0005].map((level) => ({ level, studied: [studiedOf(market, { level })] }));
  const found = searched(levels, { ...TERMS, costBp: 0 });
  if (found.inSample.verdict === 'paid')
    expect(found.verdict).toBe(found.outOfSample.verdict === 'paid' ? 'paid' : found.outOfSample.verdict);
  else expect(found.verdict).toBe(found.inSample.verdict);
});

test('a purse: fixed and compounded', () => {
  const fixed = study([studiedOf(marketOf(20, { holes: 0 }))], { ...TERMS, exposure: 2 });
  const nets = fixed.trades.map(({ net }) => net);
  expect(fixed.equity.final).toBeCloseTo(10_000 * (1 + 2 * nets.reduce((a, b) => a + b, 0)), 6);
  const compounded = study([studiedOf(marketOf(20, { holes: 0 }))], { ...TERMS, exposure: 2, size: 'compounded' });
  expect(compounded.equity.final).toBeCloseTo(
    nets.reduce((capital, net) => capital * (1 + 2 * net), 10_000),
    6,
  );
  expect(compounded.equity).toMatchObject({ executions: 2 * nets.length, wins: nets.filter((net) => net > 0).length });
});

test('paid needs more than a market that only falls: shifts of the signal earn the same', () => {
  const market = marketOf(21, { hours: 24 * 400, holes: 0 });
  const prices = new Map([...market.prices].map(([at], i) => [at, 1000 * Math.exp(-0.0004 * i + 0.004 * Math.sin(i))]));
  const rows = market.rows.map(({ time, value }) => ({ time, value: Math.abs(value) }));
  const found = study([studiedOf({ ...market, prices, rows })], TERMS);
  expect(found.bySide.map(({ of }) => of)).toEqual(['short']);
  expect(found.interval!.low).toBeGreaterThan(0);
  expect(found.verdict).toBe('not told apart from chance');
});

test('blocks hold the cube root of n events, and at least twice the hold', () => {
  const short = study([studiedOf(marketOf(22, { hours: 24 * 800 }))], TERMS);
  const [first, last] = [short.trades[0]!.signalAt, short.trades.at(-1)!.signalAt];
  const hours = (last - first) / HOUR_MS + 1;
  expect(short.interval!.blocks).toEqual({
    of: 'hours',
    meanLength: Math.ceil((hours / short.trades.length) * Math.cbrt(short.trades.length)),
  });
  const long = study([studiedOf(marketOf(22, { hours: 24 * 1500 }), { events: 'every', level: 0.0001 })], {
    ...TERMS,
    events: 'every',
    exit: { on: 'horizon', hours: 400 },
    shifts: 2,
  });
  expect(long.interval!.blocks).toEqual({ of: 'hours', meanLength: 800 });
});

test('a settlement without a mark of its own is paid at the last stored price, and counted', () => {
  const at = (hour: number): number => START + hour * HOUR_MS;
  const rows = [0, 8, 16, 24].map((hour, i) => ({ time: at(hour), value: i === 0 ? 0.001 : 0 }));
  const prices = new Map([
    [at(0), 100],
    [at(1), 100],
    [at(15), 120],
    [at(25), 100],
  ]);
  const settlements = [0, 8, 16, 24].map((hour) => ({ at: at(hour), rate: 0.01, mark: NaN }));
  const market: Market = { contract: 'linear', prices, settlements, lastHour: at(30), rows };
  const found = study([studiedOf(market)], { ...TERMS, costBp: 0 });
  // Short at 100: 1 % at 100, at 120 and at 120 again.
  expect(found.trades[0]!.funding).toBeCloseTo(0.01 + 0.012 + 0.012, 12);
  expect(found.unmarkedSettlements).toBe(3);
});

describe('events', () => {
  const ask = (
    op: 'above' | 'below' | 'outside',
    level: number,
    values: readonly number[],
    from = -Infinity,
    to = START + 1000 * HOUR_MS,
  ) =>
    signalOf({
      conditions: [{ op, level }],
      k: 1,
      by: 'rows',
      rows: [values.map((value, i) => ({ time: START + i * 8 * HOUR_MS, value, periodMs: 8 * HOUR_MS }))],
      from,
      to,
      closedTo: START + 1000 * HOUR_MS,
      events: 'entries',
    });
  test('below is a crowd that is short, above one that is long, whatever the sign; outside goes by the sign', () => {
    expect(ask('below', 5, [9, 3]).events.map(({ crowd }) => crowd)).toEqual([-1]);
    expect(ask('above', -5, [-9, -3]).events.map(({ crowd }) => crowd)).toEqual([1]);
    expect(ask('outside', 5, [0, -6, 0, 7]).events.map(({ crowd }) => crowd)).toEqual([-1, 1]);
  });
  test('hours until the value is below half of its level', () => {
    expect(ask('outside', 10, [11, 9, 6, 4]).events.map(({ halvesAfterH }) => halvesAfterH)).toEqual([24]);
    expect(ask('outside', 10, [11, NaN, 1]).events[0]!.halvesAfterH).toBeNaN();
  });
  test('only those after `from`; a run that began before it is none', () => {
    const values = [11, 11, 0, 12];
    expect(ask('outside', 10, values, START).events.map(({ at }) => at)).toEqual([START + 24 * HOUR_MS]);
    expect([...ask('outside', 10, values, START).periods]).toEqual([1, 2, 3].map((i) => START + 8 * i * HOUR_MS));
  });
  test('only those up to `to`; a run that goes on beyond it ends where it lets go', () => {
    const { events, periods, values, judged } = ask('outside', 10, [0, 11, 11, 0, 12], -Infinity, START + 8 * HOUR_MS);
    expect(events).toMatchObject([{ at: START + 8 * HOUR_MS, endAt: START + 24 * HOUR_MS, lasts: 2, halvesAfterH: 16 }]);
    expect([[...periods], [...values], judged.n]).toEqual([[START, START + 8 * HOUR_MS], [0, 11], 2]);
  });
});

test('once an instrument was added nothing of its tape is needed: a study of everything holds none', () => {
  const list = () => [24, 25, 26].map((seed) => studiedOf(marketOf(seed), { source: { id: `v:${seed}` } }));
  const expected = study(list(), TERMS);
  const run = new StudyRun(TERMS);
  for (const one of list()) {
    run.add(one);
    const { price, paid, priced, nextSettled, volatility } = one.tape;
    for (const column of [price, paid, volatility, one.signal.periods, one.signal.values]) column.fill(NaN);
    for (const column of [priced, nextSettled]) column.fill(0);
  }
  expect(run.answer()).toEqual(expected);
});

test('the purse tells its deepest fall', () => {
  const found = study([studiedOf(marketOf(23))], TERMS);
  let [capital, top, fall] = [10_000, 10_000, 0];
  for (const { net } of found.trades) {
    capital += 10_000 * net;
    top = Math.max(top, capital);
    fall = Math.max(fall, (top - capital) / top);
  }
  expect(fall).toBeGreaterThan(0);
  expect(found.equity.drawdown).toBeCloseTo(fall, 10);
});

test('Sharpe is by events per year, and less is left of it after many tries', () => {
  const ask = (tries: number) => study([studiedOf(marketOf(8))], { ...TERMS, tries, shifts: 2 });
  const { sharpe, all, trades } = ask(1);
  const years = (trades.at(-1)!.exitedAt - trades[0]!.enteredAt) / (365.25 * DAY_MS);
  expect(sharpe!.perYear).toBeCloseTo((all!.net / all!.sd) * Math.sqrt(trades.length / years), 10);
  expect(ask(1000).sharpe!.deflated).toBeLessThan(sharpe!.deflated);
  expect(ask(1000).sharpe!.perYear).toBe(sharpe!.perYear);
});

test('a list of too few weeks has no hit rate, however many trades it has; its error counts weeks', () => {
  const list = [24, 25, 26].map((seed) => studiedOf(marketOf(seed), { source: { id: `v:${seed}` } }));
  const found = study(list, TERMS);
  expect(found.all!.n).toBeGreaterThan(30);
  expect(found).toMatchObject({ verdict: 'too few', all: { hitRate: null } });
  const weeks = new Map<number, number>();
  for (const { signalAt, net } of found.trades) {
    const week = Math.floor((signalAt - 4 * DAY_MS) / (7 * DAY_MS));
    weeks.set(week, (weeks.get(week) ?? 0) + net - found.all!.net);
  }
  const squares = [...weeks.values()].reduce((sum, of) => sum + of ** 2, 0);
  const se = Math.sqrt((squares * weeks.size) / (weeks.size - 1)) / found.trades.length;
  expect(found.smallestSeen).toBeCloseTo(2.8016 * se, 5);
});

test('the usual draws are as domain 4.3 has them', () => expect(DRAWS).toBe(2000));
