import { floorTo, groupedText, plainText, valueOf, type Exact } from './exact.ts';
import type { Reader } from './reader.ts';
import type { ReadSize } from './size-input.ts';
import { boundWords, capOf, leastContracts, quotePerContract, tradeOf } from './size-limit.ts';

/** A quantity that is set has to be one that the venue takes: on its lot step, within its least and its limits, filled by the book. */
export function refuseFixed(reader: Reader, read: ReadSize, fixed: Exact, quote: string): void {
  const { lotStep } = read;
  const below = floorTo(fixed, lotStep);
  if (!below.eq(fixed)) {
    const above = below.plus(lotStep);
    const near = below.gt(0) ? `${plainText(below)} or ${plainText(above)}` : plainText(above);
    reader.refuse('contracts', `${plainText(fixed)} is no multiple of the lot step ${plainText(lotStep)}.`, `Enter ${near}.`);
    return;
  }
  const least = leastContracts(read);
  if (fixed.lt(least)) {
    const worth = `${groupedText(quotePerContract(read.trade).times(least).toSignificantDigits(6))} ${quote}`.trim();
    reader.refuse('contracts', `The venue takes at least ${plainText(least)} contracts (${worth}).`, `Enter ${plainText(least)} or more.`);
    return;
  }
  const cap = capOf(read);
  const most = cap.steps.times(lotStep);
  if (fixed.gt(most)) {
    const by =
      cap.bound === 'leverage'
        ? `The equity of ${groupedText(valueOf(read.capital).toSignificantDigits(8))} at ${plainText(read.leverage)}x carries less.`
        : boundWords(read, cap.bound, quote);
    reader.refuse(
      'contracts',
      `${groupedText(fixed)} contracts are too many. ${by}`,
      most.gt(0) ? `Enter at most ${plainText(most)}.` : 'Put in more equity.',
    );
    return;
  }
  if (tradeOf(read, fixed) === null) {
    reader.refuse('book', 'Book too thin: it does not fill the quantity.', 'Enter slippage by hand, or a smaller quantity.');
  }
}
