import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A process of its own, which gets the signal once it runs. */
async function end(how: 'ends' | 'hangs', signal: NodeJS.Signals): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lifetime-child.ts'), how], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    if (out === '') child.kill(signal);
    out += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const onPosix = test.skipIf(process.platform === 'win32');

onPosix.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('on %s everything is closed, last added first', async (signal) => {
  expect(await end('ends', signal)).toEqual({ code: 0, out: 'running\nlast\n', err: '' });
});

onPosix('an end that hangs is cut off at its deadline, with words', async () => {
  const { code, out, err } = await end('hangs', 'SIGTERM');
  expect([code, out]).toEqual([1, 'running\n']);
  expect(err).toContain('took too long');
});
