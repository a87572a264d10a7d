import { HOUR_MS } from '#domain/time.ts';
import { fundingFile, type FileForm } from './file-words.ts';
import { filesFolder, monthOf } from './files.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

/** Binance's paging as documented: oldest first from startTime; without it the newest rows. */
export function serveBinanceHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 1000, api = '/fapi/v1' } = {}): void {
  const coinMargined = api === '/dapi/v1';
  exchange.route('GET', `${api}/fundingRate`, (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [start, end] = [numberOf(request, 'startTime'), numberOf(request, 'endTime')];
    const limit = Math.min(numberOf(request, 'limit') ?? 100, maxRows);
    const rows = within(history[symbol], start ?? 0, end ?? Infinity);
    return (start === null ? rows.slice(-limit) : rows.slice(0, limit)).map(({ stamp, rate, mark }) => ({
      symbol,
      fundingTime: stamp,
      fundingRate: rate,
      // The page of coin-margined ones knows no mark.
      ...(!coinMargined && { markPrice: mark ?? '99.5' }),
    }));
  });
  for (const [path, kind, name] of [
    [`${api}/markPriceKlines`, 'mark', 'symbol'],
    [`${api}/indexPriceKlines`, 'index', 'pair'],
  ] as const) {
    exchange.route('GET', path, (request) => {
      if (request.query.get(name) === null) return { code: -1102, msg: `Mandatory parameter '${name}' was not sent.` };
      const limit = Math.min(numberOf(request, 'limit') ?? 500, 1500);
      const [start, end] = [numberOf(request, 'startTime') ?? 0, numberOf(request, 'endTime') ?? 0];
      // Of coin-margined ones the newest up to the end, and at most 200 days in one question.
      if (coinMargined && end - start > 200 * 24 * HOUR_MS)
        return { code: -1127, msg: 'More than 200 days between startTime and endTime.' };
      return opens(start, end, limit, coinMargined).map((open) => [
        open,
        ...Array.from({ length: 4 }, () => String(fakePrice(kind, open + HOUR_MS))),
        '0',
        open + HOUR_MS - 1,
      ]);
    });
  }
}

/** Public monthly files of the same settlements, as the file server has them; a month of `lacks` is not published. */
export function serveBinanceFiles(
  exchange: FakeServer,
  history: FakeHistory,
  { lacks = [], api = '/fapi/v1', ...form }: FileForm & { readonly lacks?: readonly string[]; readonly api?: '/fapi/v1' | '/dapi/v1' } = {},
): void {
  for (const [symbol, settled] of Object.entries(history)) {
    for (const name of new Set(settled.map(({ stamp }) => monthOf(stamp).name))) {
      if (lacks.includes(name)) continue;
      const file = `${symbol}-fundingRate-${name}.zip`;
      const rows = settled.map(({ stamp, rate }, i) => ({ stamp, rate, hours: hoursAt(settled, i) }));
      const { zip, sum } = fundingFile(
        file,
        rows.filter(({ stamp }) => monthOf(stamp).name === name),
        form,
      );
      exchange.route('GET', `${filesFolder(api)}/${symbol}/${file}`, () => zip);
      exchange.route('GET', `${filesFolder(api)}/${symbol}/${file}.CHECKSUM`, () => sum);
    }
  }
}
/** Hours to the settlement before, of the first one to the next. */
function hoursAt(rows: readonly { readonly stamp: number }[], i: number): number {
  const [from, to] = i === 0 ? [rows[0], rows[1]] : [rows[i - 1], rows[i]];
  return from === undefined || to === undefined ? 8 : Math.round((to.stamp - from.stamp) / HOUR_MS);
}

/** The same of coin-margined ones, below their own address. */
export const serveCoinMHistory = (exchange: FakeServer, history: FakeHistory, options: { readonly maxRows?: number } = {}): void =>
  serveBinanceHistory(exchange, history, { ...options, api: '/dapi/v1' });
