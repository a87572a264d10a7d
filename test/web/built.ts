import { build, isBuilt } from '#launch/build.ts';

/** What the specs look at is what the sources say now. */
export default async function built(): Promise<void> {
  const root = process.cwd();
  if (!isBuilt(root)) await build(root, new AbortController().signal);
}
