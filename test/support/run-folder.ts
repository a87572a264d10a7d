import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Runs every program of a folder and of those in it, one after the other in a process of its own; resolves with the names of those that failed. */
export async function runFolder(folder: string, args: readonly string[]): Promise<string[]> {
  const programs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && name !== 'run.ts' && !name.endsWith('-child.ts'),
  );
  const failed: string[] = [];
  for (const name of programs.toSorted()) {
    console.log(`== ${name}`);
    const child = spawn(process.execPath, [join(folder, name), ...args], { stdio: 'inherit' });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
  return failed;
}
