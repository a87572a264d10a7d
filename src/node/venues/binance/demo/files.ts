import { settlements } from '#node/demo/funding.ts';
import { servedFrom } from '#node/demo/contracts.ts';
import type { Model, WireAnswer } from '#node/demo/wire.ts';
import { fundingFile } from '../file-words.ts';
import { filesFolder, monthOf } from '../files.ts';
import type { DemoMarket } from './market.ts';
import { fixed } from './words.ts';

const DAY = 86_400_000;
const NO_SUCH_KEY: WireAnswer = {
  status: 404,
  type: 'application/xml',
  body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
};

/** Public files, published a day after their month; null for a path that is none of theirs. https://github.com/binance/binance-public-data */
export function publicFile(market: DemoMarket, { contracts, process }: Model, path: string, now: number): WireAnswer | null {
  const folder = `${filesFolder(market.api)}/`;
  if (!path.startsWith(folder)) return null;
  const asked = /^([^/]+)\/(([^/]+)-fundingRate-(\d{4}-(?:0[1-9]|1[0-2]))\.zip)(\.CHECKSUM)?$/u.exec(decodeURI(path.slice(folder.length)));
  const [, symbol = '', file = '', named, name = '', isSum] = asked ?? [];
  const contract = named === symbol ? contracts.find(market.id, symbol, now) : undefined;
  const month = monthOf(Date.parse(`${name}-01`));
  if (!contract || month.to + DAY > now) return NO_SUCH_KEY;
  const rows = Array.from(
    settlements(process, contract, Math.max(month.from + 1, servedFrom(now)), month.to, now),
    ({ stamp, at, rate }) => ({
      stamp,
      hours: contract.intervalAt(at - 1),
      rate: fixed(rate),
    }),
  );
  if (rows.length === 0) return NO_SUCH_KEY;
  const { zip, sum } = fundingFile(file, rows);
  return isSum === undefined
    ? { status: 200, type: 'application/zip', body: zip.toString('base64') }
    : { status: 200, type: 'text/plain', body: sum };
}
