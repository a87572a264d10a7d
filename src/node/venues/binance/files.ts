import { createHash } from 'node:crypto';
import { VenueError } from '#core/venue-error.ts';
import type { ExchangeHost, SettledPage, VenueFiles, VenueIo } from '#core/venue.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { perpetual } from '../common/poll.ts';
import { unzipOnly, ZipError } from '../common/unzip.ts';
import { FileError, type Month, parseFundingCsv } from './funding-csv.ts';
import { listingOfName } from './exchange-info.ts';
import type { Market } from './market.ts';

/**
 * Public files, one a month and symbol: https://github.com/binance/binance-public-data. No limit is documented; two requests a second are
 * less than any browser makes.
 */
const HOST: ExchangeHost = {
  id: 'binance-files',
  name: 'Binance public files',
  limits: [{ bucket: 'files', max: 120, perMs: MINUTE_MS }],
};
const COST = { files: 1 };
/** A month that settles every hour is some 30 kB, packed 6 kB. */
const ZIP_BYTES = 256 * 1024;
const CSV_BYTES = 1024 * 1024;
const CHECKSUM_BYTES = 1024;

/** Paths of it: um or cm, then <symbol>/<symbol>-fundingRate-<month>.zip and the same with .CHECKSUM behind it. */
export const filesFolder = (api: Market['api']): string => `/data/futures/${api === '/fapi/v1' ? 'um' : 'cm'}/monthly/fundingRate`;

const startOfMonth = (t: number, monthsOn = 0): number => {
  const date = new Date(t);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsOn, 1);
};

/** The month that holds `t`. A settlement at its first instant is its own: stamps are late and never early. */
export function monthOf(t: number): Month {
  const start = startOfMonth(t);
  return { name: new Date(start).toISOString().slice(0, 7), from: start - 1, to: startOfMonth(t, 1) - 1 };
}

/** Hexadecimal SHA-256 of a .CHECKSUM file: "<sum>  <file name>". */
function sumIn(text: string, file: string): string {
  const [, sum, name] = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/iu.exec(text) ?? [];
  if (sum === undefined || name !== file) throw new FileError('its .CHECKSUM is not one of it');
  return sum.toLowerCase();
}

/** Null: none is published. A mirror may hold the files alone, and a zip has a sum of its own, which `unzipOnly` checks. */
async function sumOf(io: VenueIo, path: string, file: string): Promise<string | null> {
  try {
    return sumIn(await io.request({ path, mayLack: true, maxBytes: CHECKSUM_BYTES, cost: COST }), file);
  } catch (error) {
    if (error instanceof VenueError && error.kind === 'absent') return null;
    throw error;
  }
}

/** The monthly files of one market. `from`: no file is older. */
export function createFiles(market: Market, from: number): VenueFiles {
  const { api, name } = market;
  const folder = filesFolder(api);

  async function read(io: VenueIo, symbol: string, month: Month): Promise<SettledPage> {
    const file = `${symbol}-fundingRate-${month.name}.zip`;
    const path = `${folder}/${encodeURIComponent(symbol)}/${encodeURIComponent(file)}`;
    const zip = Buffer.from(await io.request({ path, as: 'base64', mayLack: true, maxBytes: ZIP_BYTES, cost: COST }), 'base64');
    const wanted = await sumOf(io, `${path}.CHECKSUM`, file);
    if (wanted !== null && createHash('sha256').update(zip).digest('hex') !== wanted) throw new FileError('its checksum is another one');
    return parseFundingCsv(unzipOnly(zip, CSV_BYTES).toString('utf8'), symbol, month, io.now);
  }

  return {
    url: 'https://data.binance.vision',
    host: HOST,
    name: `the file server of ${name}`,
    from,
    until: (now) => startOfMonth(now) - 1,
    named(symbol) {
      const listing = listingOfName(market, symbol);
      return listing && perpetual({ ...listing, venue: market.id, symbol, contract: market.contract });
    },
    async *settled(io, symbol, start, to) {
      for (let month = monthOf(to); month.to > Math.max(start, from); month = monthOf(month.from)) {
        yield await pageOf(symbol, month, () => read(io, symbol, month));
      }
    },
  };
}

/** A month that is not published proves nothing; neither does one that cannot be read, which is refused with the reason. */
async function pageOf(symbol: string, { name }: Month, read: () => Promise<SettledPage>): Promise<SettledPage> {
  const nothing = { rows: [], proven: null };
  try {
    return await read();
  } catch (error) {
    if (error instanceof VenueError && error.kind === 'absent') return { ...nothing, refused: [] };
    if (!isOfFile(error)) throw error;
    return { ...nothing, refused: [{ symbol, reason: `its file of ${name}: ${error.message}` }] };
  }
}

const isOfFile = (error: unknown): error is Error =>
  error instanceof FileError ||
  error instanceof ZipError ||
  (error instanceof VenueError && (error.kind === 'too-large' || error.kind === 'empty'));
