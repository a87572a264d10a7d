import { VenueError } from '#core/venue-error.ts';

/** Rows of one list: the largest venue lists some 800 instruments, and a page has at most 1,000. */
export const MAX_ROWS = 20_000;
/** Lists, objects and commas of one answer: Binance's list of all instruments and their rules has some 70,000. */
const MAX_PARTS = 250_000;
/** Lists in lists. */
const MAX_DEPTH = 32;
/** What is shorter is read as it is: however it is made up, it takes no more memory than a large answer of a real venue. */
const SHORT_CHARS = 1_000_000;

export const tooLarge = (venue: string, what: string): VenueError =>
  new VenueError('too-large', `${venue} sent an answer too large to read. Perpscope will ask again.`, `${venue}: ${what}`);

/**
 * Throws VenueError where JSON text would take far more memory than it has characters: millions of small parts, or parts in parts.
 * One pass that jumps over what stands in quotes; whether the text is JSON is not its question.
 */
export function assertReadable(venue: string, text: string): void {
  if (text.length <= SHORT_CHARS) return;
  let [parts, depth] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        parts += 1;
        depth += 1;
        if (depth > MAX_DEPTH) throw tooLarge(venue, `lists in lists, deeper than ${MAX_DEPTH}`);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case 0x2c: // ,
        parts += 1;
        break;
    }
    if (parts > MAX_PARTS) throw tooLarge(venue, `an answer of more than ${MAX_PARTS} parts in ${text.length} characters`);
  }
}

/** Where a string that begins at `start` ends; the end of the text where it does not. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
