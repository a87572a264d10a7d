import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, isBuilt } from '#launch/build.ts';
import { makeDemoFolder } from '#test/support/demo-folder.ts';

/** Names to the workers the folder that each test begins with a copy of. */
export const DEMO_FOLDER = 'PERPSCOPE_TEST_DEMO_FOLDER';

/** What the specs look at is what the sources say now, on a history that is fetched once for all of them. */
export default async function built(): Promise<() => void> {
  const root = process.cwd();
  if (!isBuilt(root)) await build(root, new AbortController().signal);
  const folder = mkdtempSync(join(tmpdir(), 'perpscope-web-demo-'));
  await makeDemoFolder(folder);
  process.env[DEMO_FOLDER] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
