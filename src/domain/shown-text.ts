/** So much of a foreign text is shown. */
const SHOWN = 40;
/**
 * Control characters, and those that turn the direction of what follows or cannot be seen: a filler of Hangul counts as a letter. What says
 * whether a sign is drawn in colour stands in names as they are.
 */
const UNSEEN = /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** The same but for line breaks and tabs, which text may have. */
const UNSEEN_IN_TEXT = /(?![\uFE0E\uFE0F\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** With a sign in the place of each of them: for what is quoted of an answer, of which no more than so many characters are kept. */
export const withoutUnseen = (text: string): string => text.replace(UNSEEN, '\u{fffd}');

/** As JSON would write it, so that what is JSON stays what it says: a character beyond the first 65,536 is two. */
const escaped = (text: string): string =>
  text.replace(UNSEEN, (one) =>
    Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );

/** Whether a part of it would not be seen, or would turn what follows. */
export const hidesSome = (text: string): boolean => UNSEEN_IN_TEXT.test(text);

/** What is printed or shown, line breaks and tabs as they are: a name or an input may hold what moves a terminal's cursor, colours it or hides the rest. */
export const visibleLine = (text: string): string => text.replace(/[^\n\t]+/gu, escaped);

/** The beginning of what a person typed, in quotation marks and without anything that cannot be seen: for a sentence about it. */
export const quoted = (text: string): string => escaped(JSON.stringify(text.slice(0, SHOWN)));

/** A name as it is where it can be shown in a line, else its beginning. */
export const shownName = (name: string): string =>
  name === '' ? '""' : name.length <= SHOWN ? escaped(name) : `${escaped(name.slice(0, SHOWN))}...`;
