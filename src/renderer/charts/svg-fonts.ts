import ranges from '@fontsource-variable/inter/unicode.json';

/** The terminal's font, a file for each range of characters, as theme/base.css loads it. Held in a drawing one costs a third more than its bytes. */
const FILES = {
  latin: () => import('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?inline'),
  'latin-ext': () => import('@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2?inline'),
  greek: () => import('@fontsource-variable/inter/files/inter-greek-wght-normal.woff2?inline'),
  cyrillic: () => import('@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2?inline'),
};

/** The files that a drawing's characters need, to stand in it: opened elsewhere it looks as it does here. */
export async function fontStyleFor(svg: string): Promise<string> {
  const codes = new Set(Array.from(svg, (character) => character.codePointAt(0) ?? 0));
  const faces = await Promise.all(
    Object.entries(FILES).map(async ([part, read]) => {
      const range = ranges[part as keyof typeof FILES];
      if (!hasOneOf(range, codes)) return '';
      const { default: uri } = await read();
      return `@font-face{font-family:'Inter Variable';font-weight:100 900;src:url(${uri}) format('woff2');unicode-range:${range}}`;
    }),
  );
  return `<style>${faces.join('')}</style>`;
}

/** Whether a range as CSS writes it ("U+0000-00FF,U+0131") has one of the characters. */
const hasOneOf = (range: string, codes: ReadonlySet<number>): boolean =>
  [...range.matchAll(/U\+([\dA-F]{1,6})(?:-([\dA-F]{1,6}))?/gu)].some(([, from = '', to = from]) =>
    [...codes].some((code) => code >= parseInt(from, 16) && code <= parseInt(to, 16)),
  );
