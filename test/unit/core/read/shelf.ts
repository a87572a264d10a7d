import type { HourColumns, SettledColumns } from '#domain/columns.ts';
import type { FrameInstrument, FundingCap } from '#domain/metrics/frames/frames.ts';
import type { FrameReads } from '#core/read/metrics/metric-frames.ts';
import { HOUR_MS } from '#domain/time.ts';
import { kept } from '#test/support/kept.ts';
import { unseen } from '#test/support/unseen.ts';

export const START = Date.UTC(2026, 2, 1);
export const at = (hour: number): number => START + hour * HOUR_MS;
export const framed: FrameInstrument = {
  id: 'v:BTC',
  venue: 'v',
  asset: 'BTC',
  contract: 'linear',
  multiplier: 1,
  formula: null,
  money: 'USDT',
};

interface Settled {
  readonly rate: number;
  readonly intervalH: number;
}
interface Observed extends Settled {
  readonly observedAt: number;
}

const none = new Float64Array();

/** Stored rows that may be put in or corrected at any time, and how many of them were read. */
export class Shelf {
  readonly settledRows = new Map<number, Settled>();
  readonly hourRows = new Map<number, Observed>();
  terms: FundingCap[] = [];
  hoursRead = 0;
  /** The earliest time that was asked for. */
  readFrom = Infinity;
  failing = false;

  readonly reads: FrameReads = {
    interest: () => Promise.resolve({ at: none, value: none, learntAt: none }),
    settled: (_, from, to) => {
      this.readFrom = Math.min(this.readFrom, from);
      const rows = [...this.settledRows].filter(([key]) => key > from && key <= to).sort(([a], [b]) => a - b);
      const column = (value: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, value);
      const columns: SettledColumns = {
        key: column(([key]) => key),
        stamp: column(([key]) => key),
        rate: column(([, { rate }]) => rate),
        intervalH: column(([, { intervalH }]) => intervalH),
        mark: column(() => NaN),
        premium: column(() => NaN),
        learntAt: column(([key]) => key),
      };
      return this.failing ? Promise.reject(new Error('the disk is full')) : Promise.resolve(columns);
    },
    settledSeen: unseen((...input: Parameters<FrameReads['settled']>) => this.reads.settled(...input)),
    hours: (_, from, to) => {
      const rows = [...this.hourRows].filter(([close]) => close > from && close <= to).sort(([a], [b]) => a - b);
      this.hoursRead += rows.length;
      const column = (value: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, value);
      const none = column(() => NaN);
      const columns: HourColumns = {
        close: column(([close]) => close),
        observedAt: column(([, { observedAt }]) => observedAt),
        rate: column(([, { rate }]) => rate),
        intervalH: column(([, { intervalH }]) => intervalH),
        mark: none,
        index: none,
        openInterest: none,
        volume24h: none,
        rateMin: none,
        rateMax: none,
        premium: none,
        premiumMin: none,
        premiumMax: none,
        coverage: none,
        nextFundingAt: none,
        interestPer8h: none,
        cap: none,
        floor: none,
      };
      return Promise.resolve(kept(columns));
    },
    terms: () => Promise.resolve(this.terms.map((one) => ({ interestPer8h: null, ...one }))),
    prices: () => Promise.resolve({ close: none, mark: none, index: none, last: none, learntAt: none }),
    snapshots: () => Promise.reject(new Error('not asked for')),
    books: () => Promise.reject(new Error('not asked for')),
  };
  settle(hour: number, rate: number, intervalH: number): void {
    this.settledRows.set(at(hour), { rate, intervalH });
  }
  observe(hour: number, rate: number, intervalH: number): void {
    this.hourRows.set(at(hour), { rate, intervalH, observedAt: at(hour) - 60_000 });
  }
}
