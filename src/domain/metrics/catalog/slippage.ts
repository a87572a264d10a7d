import type { BookFrame } from '../frames/frames.ts';
import { averagePrice, midPrice } from '../book.ts';
import { defineMetric } from '../metric.ts';
import { choice, decimal } from '../params.ts';

export const slippage = defineMetric({
  name: 'slippage',
  title: 'Slippage',
  says: 'What walking the book costs for a size, as a share of mid.',
  unit: 'fraction',
  on: 'book',
  inputs: ['bids', 'asks'],
  params: {
    size: decimal('Size in quote money.', { default: 10_000, min: 1, max: 1e9, unit: 'quote', usual: [1_000, 10_000, 100_000] }),
    side: choice('Taking the asks or the bids.', ['buy', 'sell']),
  },
  formula: '|average price of the fill / mid - 1|; none where the book ends before the size',
  source: 'domain 3.8',
  start({ size, side }, no) {
    const next = (frame: BookFrame, row: number): number => {
      const book = frame.books[row]!;
      const mid = midPrice(book);
      if (mid !== mid) return no('gap');
      const price = averagePrice(side === 'buy' ? book.asks : book.bids, size);
      return price === price ? Math.abs(price / mid - 1) : no('too-thin');
    };
    return {
      next,
      live: next,
      audit(frame, row) {
        const book = frame.books[row]!;
        return { parts: { mid: midPrice(book), average: averagePrice(side === 'buy' ? book.asks : book.bids, size) } };
      },
    };
  },
});
