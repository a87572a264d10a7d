/** So much of a foreign text is shown. */
const SHOWN = 40;
/** Control characters, and those that turn the direction of what follows or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** As JSON would write it, so that what is JSON stays what it says: a character beyond the first 65,536 is two. */
const escaped = (text: string): string =>
  text.replace(UNSEEN, (one) =>
    Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );

/** What is printed, line breaks and tabs as they are: a name or an input may hold what moves a terminal's cursor, colours it or hides the rest. */
export const visibleLine = (text: string): string => text.replace(/[^\n\t]+/gu, escaped);

/** The beginning of what a person typed, in quotation marks and without anything that cannot be seen: for a sentence about it. */
export const quoted = (text: string): string => escaped(JSON.stringify(text.slice(0, SHOWN)));

/** A name as it is where it can be shown in a line, else its beginning. */
export const shownName = (name: string): string =>
  name === '' ? '""' : name.length <= SHOWN ? escaped(name) : `${escaped(name.slice(0, SHOWN))}...`;
