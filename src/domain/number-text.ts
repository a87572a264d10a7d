/** No price, size or rate of any market is written with more; exact arithmetic on millions of digits would take the thread. */
export const MAX_NUMBER_CHARS = 40;
/** Each character has one place in it, so a text that is no number is read once and not again from every digit. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/iu;

/** Whether a text is a decimal number of at most 40 characters: 1, -0.5, .5, 1e-7. */
export const isNumberText = (text: string): boolean => text.length <= MAX_NUMBER_CHARS && NUMBER.test(text);

/** Digits in groups of three from the right. */
export function inThousands(digits: string): string {
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= 3) groups.push(digits.slice(Math.max(0, end - 3), end));
  return groups.reverse().join(',');
}
