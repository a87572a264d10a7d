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
  const faces = await Promise.all(
    Object.entries(FILES).map(async ([part, read]) => {
      const range = ranges[part as keyof typeof FILES];
      if (!charactersOf(range).test(svg)) return '';
      const { default: uri } = await read();
      return `@font-face{font-family:'Inter Variable';font-weight:100 900;src:url(${uri}) format('woff2');unicode-range:${range}}`;
    }),
  );
  return `<style>${faces.join('')}</style>`;
}

/** "U+0000-00FF,U+0131" as a class of characters. */
const charactersOf = (range: string): RegExp =>
  new RegExp(
    `[${range.replaceAll(/U\+([\dA-F]+)(?:-([\dA-F]+))?,?/gu, (_, from: string, to = from) => `\\u{${from}}-\\u{${String(to)}}`)}]`,
    'u',
  );
