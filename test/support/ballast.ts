import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Takes every byte that is left on the disk of a folder, and gives them back. */
export function ballastOn(dir: string): { readonly fill: () => void; readonly free: () => void } {
  const file = join(dir, 'ballast');
  return {
    fill() {
      const { bavail, bsize } = statfsSync(dir);
      writeFileSync(file, Buffer.alloc(bavail * bsize));
    },
    free: () => rmSync(file),
  };
}
