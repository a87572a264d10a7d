/** Writes src/node/venues/ccxt/listed.ts from the installed ccxt; a test fails where the file is not up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import prettier from 'prettier';
import ccxt from 'ccxt';
import { WAYS } from '#node/venues/ccxt/ways.ts';

interface Described {
  readonly name: string;
  readonly rateLimit: number;
  readonly has: Readonly<Record<string, unknown>>;
  readonly urls: { readonly doc?: string | readonly string[]; readonly www?: string };
}

/** Of an instance of ccxt what the app is to know without loading the package. */
export function listingOf(id: string): object | null {
  const found = ccxt[id];
  if (typeof found !== 'function') return null;
  const { name, rateLimit, has, urls } = new (found as new () => Described)();
  const documentation = [urls.doc ?? urls.www ?? ''].flat()[0] ?? '';
  return {
    id,
    name,
    documentation,
    rateLimitMs: rateLimit,
    hasCandles: has['fetchOHLCV'] === true,
    hasBooks: has['fetchOrderBook'] === true,
  };
}

const HEAD = `// Generated from ccxt by \`npm run ccxt:list\`: change ways.ts and run that.

/** What ccxt says of one of its exchanges. */
export interface CcxtListing {
  readonly id: string;
  readonly name: string;
  readonly documentation: string;
  /** Real ms that one unit of its limit takes. */
  readonly rateLimitMs: number;
  readonly hasCandles: boolean;
  readonly hasBooks: boolean;
}
`;

/** The whole file. */
export async function listedFile(): Promise<string> {
  const listings = Object.keys(WAYS).flatMap((id) => listingOf(id) ?? []);
  // The package's own constant is of the release before.
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/ccxt/package.json'), 'utf8')) as { version: string };
  const text = `${HEAD}\nexport const CCXT_VERSION = ${JSON.stringify(version)};\n\nexport const LISTED: readonly CcxtListing[] = ${JSON.stringify(listings)};\n`;
  const options = await prettier.resolveConfig(TARGET);
  return prettier.format(text, { ...options, filepath: TARGET });
}

const ROOT = resolve(import.meta.dirname, '..');
const TARGET = join(ROOT, 'src/node/venues/ccxt/listed.ts');
if (import.meta.main) writeFileSync(TARGET, await listedFile());
