import type { FrameInstrument, Frames, HourFrame } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { hourFrame, type FrameHours } from '#domain/metrics/frames/hour.ts';
import { settlementFrame, type SettlementHistory } from '#domain/metrics/frames/settlement.ts';
import { HOUR_MS } from '#domain/time.ts';
import { formulaOf } from './formulas.ts';
import { random } from './bench.ts';
import { isShort } from './short.ts';

/** A made year of one instrument and of those beside it, for benches. */
export const YEAR_HOURS = isShort ? 2400 : 8760;
const START = Date.UTC(2025, 8, 1);
export const YEAR_END = START + YEAR_HOURS * HOUR_MS;

export const instrumentOf = (venue: string, symbol: string): FrameInstrument => ({
  id: `${venue}:${symbol}`,
  venue,
  asset: 'BTC',
  money: 'USDT',
  contract: 'linear',
  multiplier: 1,
  formula: formulaOf(venue),
});

/** A year in which every hour was observed: every hour a new running rate, the dearest case. */
export function yearOf(intervalH: number, seed: number): SettlementHistory {
  const noise = random(seed);
  const columns = Array.from({ length: 9 }, () => new Float64Array(YEAR_HOURS));
  const [close, observedAt, rate, interval, mark, index, openInterest, premium, coverage] = columns as [Float64Array, ...Float64Array[]] &
    Float64Array[];
  const settled: [number, number, number][] = [];
  let price = 100;
  let r = 1e-4;
  for (let i = 0; i < YEAR_HOURS; i++) {
    price *= 1 + 0.01 * noise();
    r += 0.05 * (1e-4 - r) + 2e-5 * noise();
    close[i] = START + (i + 1) * HOUR_MS;
    observedAt![i] = close[i]! - 30_000;
    rate![i] = r;
    interval![i] = intervalH;
    mark![i] = price * (1 + 3 * r);
    index![i] = price;
    openInterest![i] = 1e6 * (1 + 0.01 * noise());
    premium![i] = 3 * r;
    coverage![i] = 1;
    if ((i + 1) % intervalH === 0) settled.push([close[i]!, r, intervalH]);
  }
  const hours: FrameHours = {
    close,
    observedAt: observedAt!,
    rate: rate!,
    intervalH: interval!,
    mark: mark!,
    index: index!,
    openInterest: openInterest!,
    premium: premium!,
    coverage: coverage!,
  };
  const nth = (n: 0 | 1 | 2): Float64Array => Float64Array.from(settled, (row) => row[n]);
  const none = new Float64Array();
  return { settled: { key: nth(0), rate: nth(1), intervalH: nth(2) }, hours, prices: { close: none, mark: none, index: none } };
}

const levels = (side: number): Float64Array =>
  Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 100 + side * (0.05 + i / 40) : 30));

/** The frames of one instrument; `others` are the rest of its asset and of its list. */
export function framesFor(instrument: FrameInstrument, history: SettlementHistory, others: readonly HourFrame[]): Frames {
  const hour = hourFrame(instrument, history, null, YEAR_END);
  const group = [hour, ...others];
  return {
    hour,
    bar: hourFrame(instrument, history, null, YEAR_END),
    settlement: settlementFrame(instrument, history),
    asset: assetFrame(group, instrument.id),
    basket: basketFrame(group, instrument.id),
    book: { instrument, time: Float64Array.of(YEAR_END), books: [{ bids: levels(-1), asks: levels(1) }] },
  };
}
