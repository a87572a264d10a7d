import type { BookFrame } from '../frames/frames.ts';
import { defineMetric, type StepAudit } from '../metric.ts';
import { decimal } from '../params.ts';
import { midPrice, moneyWithin, reachOf } from '../book.ts';

export const bookImbalance = defineMetric({
  name: 'book-imbalance',
  title: 'Book imbalance',
  says: 'Which side of the order book near the mid is heavier: +1 only bids, -1 only asks.',
  unit: 'ratio',
  on: 'book',
  inputs: ['bids', 'asks'],
  params: { band: decimal('Share of mid to either side.', { default: 0.005, min: 0.0001, max: 0.2, usual: [0.001, 0.005, 0.02] }) },
  formula: '(bids - asks)/(bids + asks) in quote money within +-band of mid',
  source: 'domain 3.8',
  start({ band }, no) {
    let bids = NaN;
    let asks = NaN;
    let reach = NaN;
    let mid = NaN;
    const next = (frame: BookFrame, row: number): number => {
      const book = frame.books[row]!;
      mid = midPrice(book);
      bids = moneyWithin(book.bids, mid, band);
      asks = moneyWithin(book.asks, mid, band);
      reach = Math.min(reachOf(book.bids, mid), reachOf(book.asks, mid));
      if (mid !== mid) return no('gap');
      return bids + asks > 0 ? (bids - asks) / (bids + asks) : no('too-thin');
    };
    const audit = (): StepAudit => ({
      parts: { mid, bids, asks, reach },
      ...(reach < band && {
        notes: [`The book as the venue gives it reaches ${(reach * 100).toPrecision(2)} % from mid, not the whole band.`],
      }),
    });
    return { next, live: next, audit };
  },
});
