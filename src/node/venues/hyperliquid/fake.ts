import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, opens, within } from '../common/fake.ts';

interface Info {
  readonly type: string;
  readonly coin?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly req?: { readonly coin: string; readonly startTime: number; readonly endTime: number };
}

/** Hyperliquid's paging as documented: oldest 500 rows from startTime; only the newest 5000 candles before `now`. */
export function serveHyperliquidHistory(
  exchange: FakeServer,
  history: FakeHistory,
  { maxRows = 500, now = Date.now(), market = '' } = {},
): void {
  exchange.route('POST', '/info', ({ body }) => {
    const { type, coin = '', startTime = 0, endTime = Infinity, req } = body as Info;
    if (type === 'metaAndAssetCtxs') return market;
    if (type === 'fundingHistory') {
      const rows = within(history[coin], startTime, endTime).slice(0, maxRows);
      return rows.map(({ stamp, rate }) => ({ coin, fundingRate: rate, premium: '0.0', time: stamp }));
    }
    if (type !== 'candleSnapshot' || req === undefined) return null;
    return opens(Math.max(req.startTime, now - 5000 * HOUR_MS), req.endTime, 5000, false).map((t) => ({
      t,
      T: t + HOUR_MS - 1,
      s: req.coin,
      i: '1h',
      c: String(fakePrice('last', t + HOUR_MS)),
    }));
  });
}
