/** Writes THIRD_PARTY_NOTICES.md from the packages that ship in the app; with --check, fails when the file is not up to date. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Manifest {
  name: string;
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'THIRD_PARTY_NOTICES.md');

/** What src imports of devDependencies is bundled into out/: all but the shell itself, and what only starts it from the sources. */
function bundled(): string[] {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|svelte|css)$/u.test(name) && !name.startsWith('launch'))
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'));
  const isImported = (name: string): boolean => sources.some((text) => text.includes(`'${name}'`) || text.includes(`'${name}/`));
  return Object.keys(manifestOf(root).devDependencies ?? {}).filter((name) => name !== 'electron' && isImported(name));
}
/** Named by svelte for its compiler; none of it reaches the bundle. */
const compileTimeOnly = new Set(['svelte']);

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

function folderOf(name: string, from: string): string {
  for (let base = from; ; base = resolve(base, '..')) {
    const folder = join(base, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (base === resolve(base, '..')) throw new Error(`${name} is not installed: run npm ci`);
  }
}

function collect(name: string, from: string, found: Map<string, string>): void {
  const folder = folderOf(name, from);
  const { version, dependencies } = manifestOf(folder);
  const key = `${name} ${version}`;
  if (found.has(key)) return;
  found.set(key, folder);
  if (compileTimeOnly.has(name)) return;
  for (const dependency of Object.keys(dependencies ?? {})) collect(dependency, folder, found);
}

const found = new Map<string, string>();
for (const name of [...Object.keys(manifestOf(root).dependencies ?? {}), ...bundled()]) collect(name, root, found);

const sections = [...found]
  .sort(([a], [b]) => a.localeCompare(b, 'en'))
  .map(([title, folder]) => {
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/iu.test(entry.name))
      .map((entry) => entry.name);
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
    return `## ${title} (${manifestOf(folder).license ?? 'see text'})\n\n${texts.map((text) => `\`\`\`text\n${text}\n\`\`\``).join('\n\n')}`;
  });
const text = `# Third-party notices\n\nWhat ships in Perpscope beside its own code. Electron and Chromium bring their own notices in the packaged app.\n\n${sections.join('\n\n')}\n`;

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('THIRD_PARTY_NOTICES.md is out of date: run `npm run notices` and commit it.');
  process.exitCode = 1;
}
