import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}
type Lock = Readonly<Record<string, Locked>>;

/** Where npm would look for `name` from the package at `from`: its own folder, then each one above. */
const isLocked = (lock: Lock, from: string, name: string): boolean => {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock) return true;
    if (at === '') return false;
  }
};
const missingFrom = (lock: Lock): string[] =>
  Object.entries(lock).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isLocked(lock, path, name))
      .map((name) => `${path} needs ${name}`),
  );

// A registry that lacked another platform's binary when the lock was written leaves it out silently, and `npm ci` then fails on every machine.
it('locks every dependency, other platforms’ binaries too', () => {
  const { packages } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package-lock.json'), 'utf8')) as { packages: Lock };
  expect(missingFrom(packages)).toEqual([]);
});

// A fetch of one copy does not take an agent of another.
it('holds one undici for the app and for what it is shipped with', () => {
  const { packages } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked & { readonly dev?: boolean }>>;
  };
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path.endsWith('node_modules/undici') && dev !== true);
  expect(shipped.map(([path]) => path)).toEqual(['node_modules/undici']);
});

it('sees a binary that is missing', () => {
  const parser = { optionalDependencies: { 'parser-linux': '1.0.0', 'parser-mac': '1.0.0' } };
  const lock: Lock = {
    'node_modules/parser': parser,
    'node_modules/parser-linux': {},
    'node_modules/deep/node_modules/inner': { dependencies: { parser: '1' } },
  };
  expect(missingFrom(lock)).toEqual(['node_modules/parser needs parser-mac']);
});
