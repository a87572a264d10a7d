import { format } from 'prettier';

const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const formatted = (paragraphs: readonly string[], proseWrap: 'preserve' | 'never'): Promise<string> =>
  format(paragraphs.join('\n\n'), { parser: 'markdown', printWidth: 140, singleQuote: true, proseWrap });

/** A page of these paragraphs, formatted as the repository formats Markdown. */
export const page = (...paragraphs: readonly string[]): Promise<string> => formatted(paragraphs, 'preserve');

/** One whose tables are wider than any line: they are not padded. */
export const widePage = (...paragraphs: readonly string[]): Promise<string> => formatted(paragraphs, 'never');
