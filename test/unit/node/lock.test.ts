import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireLock, type DataLock, LockedError, readHolder } from '#node/lock.ts';

const WHO = { shell: 'desktop', version: '1.2.3' };

let folder = '';
let dir = '';
const held: DataLock[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = dir = mkdtempSync(join(tmpdir(), 'perpscope-lock-'));
});
afterEach(async () => {
  for (const lock of held.splice(0)) lock.release();
  for (const child of children.splice(0)) await kill(child);
  rmSync(folder, { recursive: true, force: true });
});

function take(): DataLock {
  const lock = acquireLock(dir, WHO);
  held.push(lock);
  return lock;
}

/** Another process that asks for the lock; resolves with what it says: 'held', or the refusal. */
async function otherProcess(): Promise<{ child: ChildProcess; says: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lock-child.ts'), dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [says] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, says: says.toString().trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

test('a folder with history that may only be read is no reason not to start', () => {
  take().release();
  writeFileSync(join(dir, 'lock.json'), '{}');
  chmodSync(join(dir, 'lock.sqlite'), 0o444);
  chmodSync(dir, 0o555);
  // Root may write anywhere: a process without rights asks.
  const script = `
    import { acquireLock } from ${JSON.stringify(import.meta.resolve('#node/lock.ts'))};
    if (process.getuid?.() === 0) {
      process.setgid(65534);
      process.setuid(65534);
    }
    acquireLock(${JSON.stringify(dir)}, { shell: 'browser', version: '1.2.3' }).release();
    process.stdout.write('started');
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  chmodSync(dir, 0o755);
  expect([stdout, stderr]).toEqual(['started', '']);
});

describe('the lock of a data folder', () => {
  test('is refused to another process, which is told who holds it and what to do', async () => {
    take();
    const { says } = await otherProcess();
    expect(says).toContain(`Perpscope 1.2.3 (desktop, process ${process.pid}, since `);
    expect(says).toContain(`is using ${dir}. Close it first, or start with another folder: --data-dir <folder>.`);
  });

  test('is refused at once, and within one process too', () => {
    take();
    expect(take).toThrow(LockedError);
  });

  test('is free after release, which leaves no holder behind and may come twice', async () => {
    const lock = take();
    expect(readHolder(dir)).toMatchObject({ ...WHO, pid: process.pid });
    lock.release();
    lock.release();
    expect(readHolder(dir)).toBeNull();
    expect((await otherProcess()).says).toBe('held');
  });

  test('dies with its process, even at kill -9', async () => {
    const { child, says } = await otherProcess();
    expect(says).toBe('held');
    expect(take).toThrow(`process ${child.pid}`);
    await kill(child);
    expect(readHolder(dir)).toMatchObject({ pid: child.pid });
    take();
    expect(readHolder(dir)).toMatchObject({ pid: process.pid });
  });

  test('of the history and of what is the person’s are apart: a collector has the one, a terminal the other', async () => {
    take();
    const mine = acquireLock(dir, WHO, 'person');
    held.push(mine);
    expect(readHolder(dir, 'person')).toMatchObject({ ...WHO, pid: process.pid });
    expect(() => acquireLock(dir, WHO, 'person')).toThrow(LockedError);
    mine.release();
    expect(readHolder(dir, 'person')).toBeNull();
    expect((await otherProcess()).says).toContain(`process ${process.pid}`);
  });

  test('makes the folder', () => {
    dir = join(dir, 'new', 'folder');
    expect(take().held).toBe(true);
  });

  test.each(['', '{', '[]', 'null', '{"pid":"1"}'])('a holder file that says %j costs only the name', async (text) => {
    const { says } = await otherProcess();
    expect(says).toBe('held');
    writeFileSync(join(dir, 'lock.json'), text);
    expect(take).toThrow(`Another Perpscope is using ${dir}.`);
  });

  test('a lock file that somebody wrote over is renamed, and the lock taken', () => {
    writeFileSync(join(dir, 'lock.sqlite'), 'x'.repeat(5000));
    expect(take().held).toBe(true);
    expect(readdirSync(dir).sort()).toEqual(['lock.json', 'lock.sqlite', 'lock.sqlite.damaged']);
  });

  test('is not needed where nothing can be written', () => {
    writeFileSync(join(dir, 'file'), '');
    dir = join(dir, 'file');
    expect(take().held).toBe(false);
  });

  test.skipIf(process.platform === 'win32')('whose file is deleted while it is held is taken anew, with its label', async () => {
    const lock = take();
    expect(lock.keep()).toBe(true);
    expect(lock.notices).toEqual([]);
    for (const name of ['lock.sqlite', 'lock.json']) rmSync(join(dir, name));
    expect(lock.keep()).toBe(true);
    expect(lock.notices).toEqual([
      `${join(dir, 'lock.sqlite')}, which keeps other programs from this folder, was deleted or replaced while Perpscope ran. It is made again, and no other has taken the folder.`,
    ]);
    expect((await otherProcess()).says).toContain(`process ${process.pid}`);
    rmSync(dir, { recursive: true });
    expect(lock.keep()).toBe(true);
    expect((await otherProcess()).says).toContain(`process ${process.pid}`);
    lock.release();
    expect(readHolder(dir)).toBeNull();
  });

  test.skipIf(process.platform === 'win32')('that another process was quicker to take is its, until that ends', async () => {
    const lock = take();
    rmSync(join(dir, 'lock.sqlite'));
    const { child, says } = await otherProcess();
    expect([says, lock.keep()]).toEqual(['held', false]);
    expect(readHolder(dir)).toMatchObject({ pid: child.pid });
    await kill(child);
    expect(lock.keep()).toBe(true);
    expect(readHolder(dir)).toMatchObject({ pid: process.pid });
  });
});
