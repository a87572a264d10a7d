/** Writes THIRD_PARTY_NOTICES.md from the packages that ship in the app; with --check, fails when the file is not up to date. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageJson, root, shipped } from './shipped.ts';

const target = join(root, 'THIRD_PARTY_NOTICES.md');

const sections = [...shipped('app')]
  .sort(([a], [b]) => a.localeCompare(b, 'en'))
  .map(([title, folder]) => {
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/iu.test(entry.name))
      .map((entry) => entry.name);
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
    return `## ${title} (${packageJson(folder).license ?? 'see text'})\n\n${texts.map((text) => `\`\`\`text\n${text}\n\`\`\``).join('\n\n')}`;
  });
const text = `# Third-party notices\n\nWhat ships in Perpscope beside its own code. Electron and Chromium bring their own notices in the packaged app.\n\n${sections.join('\n\n')}\n`;

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('THIRD_PARTY_NOTICES.md is out of date: run `npm run notices` and commit it.');
  process.exitCode = 1;
}
