import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const RENDERER = resolve(import.meta.dirname, '../../src/renderer');

/** What of a panel the register says, read from its own file: components cannot be loaded here. */
export interface View {
  readonly title: string;
  readonly says: string;
  readonly place: string;
  readonly isInner: boolean;
}

/** Every panel of the register, in its order. */
export function views(): View[] {
  const register = readFileSync(join(RENDERER, 'app/panels.ts'), 'utf8');
  const files = [...register.matchAll(/^import \{[^}]*\} from '([^']+)';$/gmu)].map(([, path]) => join(RENDERER, 'app', path ?? ''));
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^ {2}title: '([^']+)',\n {2}says: '([^']+)',\n((?: {2}.*\n)+?)\};/gmu)].map(
      ([, title = '', says = '', rest = '']): View => ({
        title,
        says,
        place: /place: '(\w+)'/u.exec(rest)?.[1] ?? '',
        isInner: rest.includes('isInner: true'),
      }),
    ),
  );
}
