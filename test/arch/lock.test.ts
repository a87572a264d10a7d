import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface LockedPackage {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> };

/** Where Node would find `name` from the package at `at`, or null. */
function resolved(at: string, name: string): string | null {
  for (let folder = at; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (path in lock.packages) return path;
    if (folder === '') return null;
  }
}

// A lock written while a registry lacks another platform's binary leaves that binary out: `npm ci` then refuses everywhere.
it('the lock file holds every package that a locked package names, for every platform', () => {
  const missing = Object.entries(lock.packages).flatMap(([at, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => resolved(at, name) === null)
      .map((name) => `${at} -> ${name}`),
  );
  expect(missing).toEqual([]);
});
