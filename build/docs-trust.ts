/** Writes docs/trust.md: each row of the fault matrix and of Electron's list with the test that proves it; with --check, fails when it is not up to date. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import { electron, faults, type Proof, type Row } from './trust-rows.ts';

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'docs/trust.md');

/** A title, or the label of a case, as it stands in the file: never a comment. */
export function hasTitle({ file, part }: Proof): boolean {
  const path = join(root, file);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.some((line) => line.includes(part) && !/^\s*(?:\/\/|\/?\*)/u.test(line));
}

const shown = ({ file, part }: Proof): string => `${part.replaceAll(/^'|'$/gu, '')} (\`${file.slice('test/'.length)}\`)`;

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, tests, unseen }, at) => {
    const proved = tests.length === 0 ? '**no test**' : tests.map(shown).join('; ');
    return `| ${at + 1} | ${what} | ${proved.replaceAll('|', '\\|')} | ${tests.length === 0 ? '' : unseen === undefined ? 'seen here' : `seen here; not here: ${unseen}`} |`;
  });
  return ['| # | what happens, or must hold | the test that goes red without it | seen |', '| - | - | - | - |', ...lines].join('\n');
}

const count = (rows: readonly Row[]): string => {
  const tested = rows.filter(({ tests }) => tests.length > 0);
  const apart = tested.filter(({ unseen }) => unseen !== undefined);
  return `${tested.length} of ${rows.length} rows have a test that runs here; of ${apart.length} of these a part is seen only on real Electron, another system or true hardware.`;
};

export const pageOf = (): Promise<string> =>
  format(
    `# What is tested of trust

Made by \`npm run docs:trust\` from \`build/trust-rows.ts\`; a test sees to it that every test that is named exists. \`test/mutants.ts\` undoes promises one at a time and sees
these tests go red. The stand-in for Electron (\`test/support/electron-stand-in\`) is a model: the same specs run on real Electron in the release workflow, which was not run yet
([releasing.md](releasing.md)).

## The fault matrix

${count(faults)}

${table(faults)}

## Electron's list

${count(electron)}

${table(electron)}
`,
    { parser: 'markdown', printWidth: 150, proseWrap: 'preserve' },
  );

if (import.meta.main) {
  const text = await pageOf();
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error('docs/trust.md is out of date: run `npm run docs:trust` and commit it.');
    process.exitCode = 1;
  }
}
