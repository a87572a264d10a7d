import { type DemoLevel, demoBook, sizeDecimals } from '#node/demo/books.ts';
import { CANDLE_MINUTES, candles } from '#node/demo/candles.ts';
import { servedFrom, type Contract } from '#node/demo/contracts.ts';
import { runningRate, settlements } from '#node/demo/funding.ts';
import { json, trimmed, type Model, type Wire, type WireAnswer } from '#node/demo/wire.ts';
import { DEXES } from './dexes.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ROWS = 500;
const CANDLES = 5000;
/** Of a side of the order book. */
const LEVELS = 20;
const INTERVALS: Readonly<Record<string, number>> = Object.fromEntries(
  CANDLE_MINUTES.filter((m) => m !== 360).map((m) => [m < 60 ? `${m}m` : m < 1440 ? `${m / 60}h` : '1d', m]),
);

/** A number as Hyperliquid writes one: no trailing zeros, but always a decimal point. */
function decimal(value: number, decimals: number): string {
  const text = trimmed(value, decimals);
  return text.includes('.') ? text : `${text}.0`;
}

/** Prices have five significant figures at most (whole ones as many as they need). */
const price = (value: number): string => decimal(value, Math.min(8, Math.max(0, 4 - Math.floor(Math.log10(value)))));

const tiers = (maxLeverage: number, lowerBound: string): object[] => [
  { lowerBound: '0.0', maxLeverage },
  { lowerBound, maxLeverage: maxLeverage / 2 },
];

/** Tables below 50 are flat at that leverage and are not listed. */
function margin({ asset }: Contract): object {
  if (asset.group === 'major') return { maxLeverage: 40, marginTableId: 56 };
  return asset.openInterestM > 100 ? { maxLeverage: 10, marginTableId: 51 } : { maxLeverage: 5, marginTableId: 5 };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Hyperliquid public info endpoint: https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint */
export function createHyperliquidWire({ contracts, process }: Model): Wire {
  const unreadable: WireAnswer = { status: 422, type: 'text/plain', body: 'Failed to deserialize the JSON body into the target type' };
  /** The venue's answer to a coin that it does not know. */
  const unknownCoin: WireAnswer = json(null, 500);
  /** A coin of a builder's dex has that before it. */
  const venueOf = (coin: string): string => (coin.includes(':') ? 'hyperliquid-hip3' : 'hyperliquid');
  const find = (coin: string, now: number): Contract | null => contracts.find(venueOf(coin), coin, now);
  const listed = (dex: string, now: number): Contract[] =>
    dex === ''
      ? contracts.of('hyperliquid', now)
      : contracts.of('hyperliquid-hip3', now).filter(({ symbol }) => symbol.startsWith(`${dex}:`));

  const szDecimals = (contract: Contract, now: number): number =>
    sizeDecimals(process.index(contract, Math.min(now, contract.delistedAt)), 5);

  function l2Book(body: Record<string, unknown>, now: number): WireAnswer {
    const { coin, nSigFigs = null } = body;
    if (typeof coin !== 'string' || ![null, 2, 3, 4, 5].includes(nSigFigs as number | null)) return unreadable;
    const contract = find(coin, now);
    if (!contract || contract.delistedAt <= now) return unknownCoin;
    const step = nSigFigs === null ? null : 10 ** (Math.floor(Math.log10(process.last(contract, now))) + 1 - Number(nSigFigs));
    const book = demoBook(process, contract, now, LEVELS, step);
    const decimals = szDecimals(contract, now);
    const side = (levels: readonly DemoLevel[]): object[] =>
      levels
        .map((level, i) => ({ px: price(level.price), sz: decimal(level.size, decimals), n: 1 + (i % 4) }))
        .filter(({ sz }) => Number(sz) > 0);
    return json({ coin, time: now - 120, levels: [side(book.bids), side(book.asks)] });
  }

  function universe(dex: string, now: number): object {
    return {
      universe: listed(dex, now).map((contract) => ({
        szDecimals: szDecimals(contract, now),
        name: contract.symbol,
        ...margin(contract),
        ...(contract.delistedAt <= now ? { isDelisted: true } : {}),
        ...(dex === '' ? {} : { growthMode: 'enabled', deployerFeeScale: '1.0' }),
      })),
      marginTables: [
        [51, { description: 'tiered 10x', marginTiers: tiers(10, '3000000.0') }],
        [56, { description: 'tiered 40x', marginTiers: tiers(40, '150000000.0') }],
      ],
      collateralToken: DEXES.find((one) => one.dex === dex)?.token ?? 0,
    };
  }

  /** A delisted coin keeps its place in the list, with its last prices and no book. */
  function context(contract: Contract, now: number): object {
    const t = Math.min(now, contract.delistedAt);
    const oracle = process.index(contract, t);
    const mark = process.mark(contract, t);
    if (contract.delistedAt <= now) {
      const money = { markPx: price(mark), prevDayPx: price(mark), oraclePx: price(oracle) };
      return {
        funding: '0.0',
        openInterest: '0.0',
        dayNtlVlm: '0.0',
        premium: null,
        ...money,
        midPx: null,
        impactPxs: null,
        dayBaseVlm: '0.0',
      };
    }
    const turnover = process.turnover(contract, t, DAY);
    return {
      funding: decimal(runningRate(process, contract, t), 10),
      openInterest: decimal(process.openInterest(contract, t), 1),
      prevDayPx: price(process.mark(contract, t - DAY)),
      dayNtlVlm: decimal(turnover, 6),
      premium: decimal(process.premium(contract, t), 10),
      oraclePx: price(oracle),
      markPx: price(mark),
      midPx: price(mark * 1.00002),
      impactPxs: [price(mark * 0.9999), price(mark * 1.0001)],
      dayBaseVlm: decimal(turnover / mark, 1),
    };
  }

  function metaAndAssetCtxs({ dex = '' }: Record<string, unknown>, now: number): WireAnswer {
    if (typeof dex !== 'string') return unreadable;
    // As a coin that it does not know.
    if (dex !== '' && !DEXES.some((one) => one.dex === dex)) return json(null, 500);
    return json([universe(dex, now), listed(dex, now).map((contract) => context(contract, now))]);
  }

  /** Null stands for the exchange's own dex. */
  const perpDexs = (): WireAnswer =>
    json([
      null,
      ...DEXES.map(({ dex, name }) => ({
        name: dex,
        fullName: name,
        deployer: `0x${'88'.repeat(20)}`,
        oracleUpdater: null,
        feeRecipient: null,
        assetToStreamingOiCap: [],
        subDeployers: [],
        deployerFeeScale: '1.0',
        lastDeployerFeeScaleChangeTime: '2026-01-01T00:00:00',
        assetToFundingMultiplier: [],
        assetToFundingInterestRate: [],
      })),
    ]);
  const spotMeta = (): WireAnswer =>
    json({
      tokens: DEXES.map(({ settle, token }) => ({ name: settle, szDecimals: 2, weiDecimals: 8, index: token, isCanonical: token === 0 })),
      universe: [],
    });
  const annotations = (now: number): WireAnswer =>
    json(contracts.of('hyperliquid-hip3', now).map(({ symbol }) => [symbol, { category: 'crypto' }]));

  /** The first 500 rows from startTime on, ascending. */
  function fundingHistory(body: Record<string, unknown>, now: number): WireAnswer {
    const { coin, startTime, endTime } = body;
    if (typeof coin !== 'string' || !Number.isSafeInteger(startTime)) return unreadable;
    if (endTime !== undefined && endTime !== null && !Number.isSafeInteger(endTime)) return unreadable;
    const contract = find(coin, now);
    if (!contract) return unknownCoin;
    const from = Math.max(Number(startTime), servedFrom(now));
    const rows: object[] = [];
    for (const settlement of settlements(process, contract, from, Number(endTime ?? now), now)) {
      const { rate, premium, stamp } = settlement;
      rows.push({ coin, fundingRate: decimal(rate, 10), premium: decimal(premium, 10), time: stamp });
      if (rows.length === ROWS) break;
    }
    return json(rows);
  }

  /** The newest 5000 candles of the window, ascending. */
  function candleSnapshot(body: Record<string, unknown>, now: number): WireAnswer {
    const req = body['req'];
    if (!isRecord(req)) return unreadable;
    const { coin, interval, startTime, endTime } = req;
    const minutes = typeof interval === 'string' ? INTERVALS[interval] : undefined;
    if (typeof coin !== 'string' || minutes === undefined || !Number.isSafeInteger(startTime)) return unreadable;
    const contract = find(coin, now);
    if (!contract) return unknownCoin;
    const from = Math.max(Number(startTime), servedFrom(now));
    const range = { from, to: Number(endTime ?? now), limit: CANDLES, keep: 'newest', now } as const;
    const rows = candles(process, contract, 'last', minutes, range).map((c) => ({
      t: c.start,
      T: c.start + minutes * 60_000 - 1,
      s: coin,
      i: interval,
      o: price(c.open),
      c: price(c.close),
      h: price(c.high),
      l: price(c.low),
      v: decimal(c.turnover / c.close, 1),
      n: 3 + Math.floor(c.turnover / 2500),
    }));
    return json(rows);
  }

  return ({ method, path, body }, now) => {
    if (path !== '/info' || method !== 'POST') return { status: method === 'POST' ? 404 : 405, type: 'text/plain', body: '' };
    let request: unknown;
    try {
      request = JSON.parse(body);
    } catch (error) {
      return { ...unreadable, status: 400, body: `Failed to parse the request body as JSON: ${String(error)}` };
    }
    if (!isRecord(request)) return unreadable;
    switch (request['type']) {
      case 'meta':
        return json(universe('', now));
      case 'metaAndAssetCtxs':
        return metaAndAssetCtxs(request, now);
      case 'perpDexs':
        return perpDexs();
      case 'spotMeta':
        return spotMeta();
      case 'perpConciseAnnotations':
        return annotations(now);
      case 'fundingHistory':
        return fundingHistory(request, now);
      case 'l2Book':
        return l2Book(request, now);
      case 'candleSnapshot':
        return candleSnapshot(request, now);
      default:
        return unreadable;
    }
  };
}
