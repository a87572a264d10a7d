/** No price, size or rate of any market is written with more; exact arithmetic on millions of digits would take the thread. */
export const MAX_NUMBER_CHARS = 40;

/** Whether a text is a decimal number of at most 40 characters: 1, -0.5, .5, 1e-7. By its characters: a poll reads tens of thousands. */
export function isNumberText(text: string): boolean {
  if (text.length > MAX_NUMBER_CHARS) return false;
  const whole = afterSign(text, 0);
  const point = afterDigits(text, whole);
  const isFraction = text.charCodeAt(point) === 0x2e; // .
  const end = isFraction ? afterDigits(text, point + 1) : point;
  if (end - whole - (isFraction ? 1 : 0) === 0) return false;
  if (end === text.length) return true;
  if ((text.charCodeAt(end) | 0x20) !== 0x65) return false; // e E
  const power = afterSign(text, end + 1);
  return power < text.length && afterDigits(text, power) === text.length;
}

function afterSign(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code === 0x2b || code === 0x2d ? at + 1 : at; // + -
}
function afterDigits(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code >= 0x30 && code <= 0x39; code = text.charCodeAt(end)) end += 1;
  return end;
}

/** Digits in groups of three from the right. One argument alone, so that it can be what `replace` calls. */
export const inThousands = (digits: string): string => inGroups(digits, ',');

/** The same with another mark between the groups. */
export function inGroups(digits: string, mark: string): string {
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= 3) groups.push(digits.slice(Math.max(0, end - 3), end));
  return groups.reverse().join(mark);
}
