/** So much of a foreign text is shown. */
const SHOWN = 40;
/** Control characters, and those that turn the direction of what follows or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const escaped = (text: string): string => text.replace(UNSEEN, (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);

/** The beginning of what a person typed, in quotation marks and without anything that cannot be seen: for a sentence about it. */
export const quoted = (text: string): string => escaped(JSON.stringify(text.slice(0, SHOWN)));

/** A name as it is where it can be shown in a line, else its beginning. */
export const shownName = (name: string): string =>
  name === '' ? '""' : name.length <= SHOWN ? escaped(name) : `${escaped(name.slice(0, SHOWN))}...`;
