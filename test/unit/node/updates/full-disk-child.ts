/** On a disk of 1 MB: an update of 3 MB. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstaller } from '#node/updates/install.ts';

const dir = process.argv[2] ?? '';
const running = join(dir, 'Perpscope.AppImage');
writeFileSync(running, 'the old version');
const content = Buffer.alloc(3_000_000, 7);
const installer = createInstaller(running);
const file = {
  name: 'Perpscope-1.1.0.AppImage',
  platform: 'linux',
  arch: 'x64',
  format: 'AppImage',
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
} as const;
const why = await installer.prepare(file, content).then(
  () => 'no fault',
  (error: unknown) => String(error),
);
const installed = await installer.install();
const files = readdirSync(dir);
process.stdout.write(JSON.stringify({ why, installed, files, old: readFileSync(running, 'utf8') }));
