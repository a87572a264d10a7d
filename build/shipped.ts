/** Which packages are shipped: what src imports of them, with all that they depend on. Notices, bills of materials and the command line's archive rest on it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

export const root = resolve(import.meta.dirname, '..');
export const packageJson = (folder: string): PackageJson => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;

export type Artefact = 'app' | 'cli';
/** Of the app all but what only starts it from the sources. */
const LAYERS: Readonly<Record<Artefact, readonly string[] | null>> = { app: null, cli: ['bridge', 'cli', 'core', 'domain', 'node'] };

function sourcesOf(artefact: Artefact): string[] {
  const layers = LAYERS[artefact];
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|svelte|css)$/u.test(name) && !name.startsWith('launch'))
    .filter((name) => layers === null || layers.includes(name.split(/[\\/]/u)[0] ?? ''))
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'));
}

/** What is imported by name: `bundled` goes into the bundle, `loaded` lies beside it in node_modules. */
export function imported(artefact: Artefact): { readonly bundled: readonly string[]; readonly loaded: readonly string[] } {
  const sources = sourcesOf(artefact);
  const isImported = (name: string): boolean => sources.some((text) => text.includes(`'${name}'`) || text.includes(`'${name}/`));
  const { dependencies = {}, devDependencies = {} } = packageJson(root);
  return {
    bundled: Object.keys(devDependencies).filter((name) => name !== 'electron' && isImported(name)),
    loaded: artefact === 'app' ? Object.keys(dependencies) : Object.keys(dependencies).filter(isImported),
  };
}

/** Named by svelte for its compiler; none of it reaches the bundle. */
const compileTimeOnly = new Set(['svelte']);

function folderOf(name: string, from: string): string {
  for (let base = from; ; base = resolve(base, '..')) {
    const folder = join(base, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (base === resolve(base, '..')) throw new Error(`${name} is not installed: run npm ci`);
  }
}

function collect(name: string, from: string, found: Map<string, string>): void {
  const folder = folderOf(name, from);
  const { version, dependencies } = packageJson(folder);
  const key = `${name} ${version}`;
  if (found.has(key)) return;
  found.set(key, folder);
  if (compileTimeOnly.has(name)) return;
  for (const dependency of Object.keys(dependencies ?? {})) collect(dependency, folder, found);
}

/** Folders of these packages and of all below them, by name and version. */
export function withAllBelow(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names) collect(name, root, found);
  return found;
}

export function shipped(artefact: Artefact): Map<string, string> {
  const { bundled, loaded } = imported(artefact);
  return withAllBelow([...loaded, ...bundled]);
}
