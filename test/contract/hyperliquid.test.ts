import { formulaOf } from '#test/support/formulas.ts';
import { describe, expect, test } from 'vitest';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { theoreticalRate } from '#domain/metrics/venue-terms.ts';
import { parseCandles, parseFundingHistory } from '#node/venues/hyperliquid/info.ts';
import { parseMetaAndAssetCtxs } from '#node/venues/hyperliquid/perpetuals.ts';
import { body, hasRecordings, recording, sample } from '#test/support/bodies.ts';

const saying = (text: string): unknown => expect.stringContaining(text);
const ETH: FrameInstrument = {
  id: 'hyperliquid:ETH',
  venue: 'hyperliquid',
  asset: 'ETH',
  money: 'USDT',
  contract: 'linear',
  multiplier: 1,
  formula: formulaOf('hyperliquid'),
};
const NOW = 1_794_770_400_500;
const NEXT = 1_794_772_800_000;
const meta = body('hyperliquid/metaAndAssetCtxs.json');

describe('metaAndAssetCtxs', () => {
  const poll = parseMetaAndAssetCtxs(meta, NOW);

  test('a row whole: hourly by the venue’s rule, the oracle as index', () => {
    expect(poll.snapshots[0]).toEqual({
      symbol: 'BTC',
      rate: 0.0000052764,
      intervalH: 1,
      nextFundingAt: NEXT,
      mark: 97201,
      index: 97240.7,
      openInterest: 36295.80812,
      volume24h: 4490636711.4322738647,
      interestPer8h: 0.0001,
      premium: -0.0005540084,
    });
    expect(poll.venueTime).toBeNull();
  });

  test('a k before the coin is a thousand of it, a K is a letter', () => {
    expect(new Set(poll.instruments.map(({ assetClass, contractSize }) => `${assetClass} ${contractSize}`))).toEqual(new Set(['crypto 1']));
    expect(poll.instruments.map(({ id, asset, multiplier, settle }) => [id, asset, multiplier, settle])).toEqual([
      ['hyperliquid:BTC', 'BTC', 1, 'USDC'],
      ['hyperliquid:kPEPE', 'PEPE', 1000, 'USDC'],
      ['hyperliquid:KAS', 'KAS', 1, 'USDC'],
      ['hyperliquid:THIN', 'THIN', 1, 'USDC'],
    ]);
  });

  test('contexts stay with their assets although delisted ones are left out', () => {
    expect(poll.snapshots.map(({ symbol, rate, mark }) => [symbol, rate, mark])).toEqual([
      ['BTC', 0.0000052764, 97201],
      ['kPEPE', -0.00058163, 0.00741],
      ['KAS', 0.0000125, 0.1101],
      ['THIN', 0, null],
    ]);
    expect(Object.is(poll.snapshots[3]?.rate, 0)).toBe(true);
  });

  test('delisted ones are told of', () => {
    expect(poll.closed).toEqual(['MATIC']);
  });

  test('bad rows cost themselves', () => {
    expect(poll.refused).toEqual([
      { symbol: 'WILD', reason: saying('beyond 10 % per hour') },
      { symbol: 'NOFUND', reason: 'no rate' },
      { symbol: 'no symbol', reason: 'an asset without a name' },
      { symbol: 'NOCTX', reason: 'no context' },
    ]);
  });

  test('on the hour the next settlement is an hour away', () => {
    expect(parseMetaAndAssetCtxs(meta, NEXT - 1).snapshots[0]?.nextFundingAt).toBe(NEXT);
    expect(parseMetaAndAssetCtxs(meta, NEXT).snapshots[0]?.nextFundingAt).toBe(NEXT + 3_600_000);
  });
});

test.each([
  ['null', 'malformed'],
  ['[]', 'malformed'],
  ['[{"universe":[]},[]]', 'empty'],
  ['[{"universe":[{"name":"OLD","isDelisted":true}]},[{"funding":"0"}]]', 'empty'],
  ['[{"universe":[{"name":"BTC"},{"name":"ETH"}]},[{"funding":"0"}]]', 'malformed'],
  ['"Failed to deserialize the JSON body into the target type"', 'malformed'],
  [meta.slice(0, 700), 'malformed'],
])('case %# is no market', (text, kind) => {
  expect(() => parseMetaAndAssetCtxs(text, NOW)).toThrow(expect.objectContaining({ name: 'VenueError', kind }));
});

test('fundingHistory: jittered stamps kept, an hour each by the venue’s rule', () => {
  const answer = parseFundingHistory(body('hyperliquid/fundingHistory.json'), 'kPEPE', NOW);
  expect(answer.rows).toEqual([
    { stamp: 1_794_762_000_041, rate: 0.0000125, intervalH: 1, mark: null, premium: 0.00057962 },
    { stamp: 1_794_765_600_007, rate: 0, intervalH: 1, mark: null, premium: 0 },
  ]);
  expect(answer.refused).toHaveLength(1);
  expect(() => parseFundingHistory(body('hyperliquid/fundingHistory.json'), 'PEPE', NOW)).toThrow(
    expect.objectContaining({ kind: 'malformed' }),
  );
});

test('fundingHistory: a premium beyond 100 % is refused by itself, one that is none is not known', () => {
  const rowsOf = (...premiums: unknown[]) =>
    premiums.map((premium, hour) => ({ coin: 'X', fundingRate: '0.0000125', premium, time: 1_794_762_000_041 + hour * 3_600_000 }));
  const { rows, refused } = parseFundingHistory(JSON.stringify(rowsOf('-1.5', '1.0', null, '', 'NaN', undefined)), 'X', NOW + 1e9);
  expect(rows.map(({ rate, premium }) => [rate, premium])).toEqual(
    [null, 1, null, null, null, null].map((premium) => [0.0000125, premium]),
  );
  expect(refused).toEqual([{ symbol: 'X', reason: 'settlement 1794762000041: premium -1.5 is beyond 100 %' }]);
});

test('fundingHistory: a settlement whose premium is missing is kept, and asked for again', () => {
  const text = JSON.stringify([{ coin: 'BTC', fundingRate: '0.0000125', premiumV2: '0.0005', time: 1_794_762_000_041 }]);
  expect(parseFundingHistory(text, 'BTC', NOW)).toMatchObject({ rows: [{ premium: null }], refused: [], items: [{ whole: false }] });
});

test('candleSnapshot: closes of last trades', () => {
  const t = 1_794_700_800_000;
  const text = JSON.stringify([{ t, T: t + 3_599_999, s: 'BTC', i: '1h', o: '1', c: '2', h: '3', l: '1', v: '5', n: 9 }]);
  expect([...parseCandles(text, 'BTC', { firstOpen: t, lastOpen: t }).closes]).toEqual([[t + 3_600_000, 2]]);
  expect(parseCandles(text.replace(String(t), String(t + 60_000)), 'BTC', { firstOpen: t, lastOpen: t })).toEqual({
    closes: new Map(),
    refused: [{ symbol: 'BTC', reason: 'a candle that does not open on the hour' }],
  });
});

describe.skipIf(!hasRecordings)('recorded bodies', () => {
  test('142 assets of December 2024: each is kept or refused with a reason', () => {
    const poll = parseMetaAndAssetCtxs(recording('data/raw/hyperliquid-metaAndAssetCtxs-2024-12.json'), Date.now());
    expect(poll.snapshots.length + poll.refused.length).toBe(142);
    expect(poll.refused).toEqual([]);
    expect(poll.instruments.find(({ symbol }) => symbol === 'kPEPE')).toMatchObject({ asset: 'PEPE', multiplier: 1000 });
    expect(poll.snapshots.find(({ symbol }) => symbol === 'BTC')).toMatchObject({
      rate: -0.00058163,
      mark: 98818,
      index: 99235,
      openInterest: 1784.59898,
    });
  });

  test('the samples', () => {
    expect(parseMetaAndAssetCtxs(sample('hyperliquid', 'fetchFundingRates'), Date.now()).snapshots).toMatchObject([
      { symbol: 'SOL', rate: 0.0000198, index: 107.99 },
    ]);
    expect(parseFundingHistory(sample('hyperliquid', 'fetchFundingRateHistory'), 'ETH', Date.now()).rows).toEqual([
      { stamp: 1_704_290_400_031, rate: 0.0000125, intervalH: 1, mark: null, premium: 0.00057962 },
    ]);
  });

  test('a settled rate is F of the premium beside it', () => {
    const { rows } = parseFundingHistory(sample('hyperliquid', 'fetchFundingRateHistory'), 'ETH', Date.now());
    expect(rows.length).toBeGreaterThan(0);
    for (const { stamp, rate, intervalH, premium } of rows)
      expect(Math.abs(rate - theoreticalRate(ETH, premium ?? NaN, intervalH ?? NaN, stamp))).toBeLessThanOrEqual(5e-9);
  });
});
