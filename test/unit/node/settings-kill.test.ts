import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Conf from 'conf';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { openSettings } from '#node/settings.ts';

const KILLS = 10;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-settings-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** The last value that the writer said was on disk before it was killed. */
async function killAfter(acknowledged: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'settings-child.ts'), dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = Number.NaN;
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    count += 1;
    if (count === acknowledged) child.kill('SIGKILL');
  }
  return last;
}

test(`killed ${KILLS} times in the middle of writing, nothing acknowledged is lost and nothing is left behind`, async () => {
  for (let kill = 0; kill < KILLS; kill += 1) {
    const acknowledged = await killAfter(1 + ((kill * 37) % 50));
    const settings = openSettings({
      dataDir: dir,
      createStore: Conf,
      defaults: defaultSettings([{ id: 'binance', onByDefault: true }]),
      log: { write: () => undefined },
    });
    expect(settings.notices).toEqual([]);
    // Old or new, never neither: the write under way at the kill may have got through.
    expect([acknowledged, acknowledged + 1]).toContain(settings.current.limits.ageDays);
    await settings.flush();
    expect(readdirSync(dir).filter((name) => name.includes('.tmp-'))).toEqual([]);
    expect(readdirSync(dir).filter((name) => name.includes('corrupt'))).toEqual([]);
  }
});
