import type { Untold, Venue, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { newestWindow } from '../common/hour-windows.ts';
import { createListWatch } from '../common/listed.ts';
import { findOldest } from '../common/oldest.ts';
import { type SettledAnswer, walkBackward, walkPrices } from '../common/paging.ts';
import { empty, keptList, malformed, orNote } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME } from './body.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseBook, parseHours, readAccruals, readIndex } from './history.ts';
import { COST, DERIBIT } from './host.ts';
import { namedInstrument, parseInstruments } from './instruments.ts';
import { parseSummary, readRates } from './rates.ts';
import { SERVICE } from './service.ts';

/** Its first perpetual, BTC-PERPETUAL. */
const OPENED_AT = Date.UTC(2018, 7, 13);
/** What perpetuals settle in; the first list is the one that a poll cannot be without. */
const SETTLES = ['BTC', 'ETH', 'USDC'] as const;
/** It answers with 744 hours at most: fewer are asked for, so that none is left out whichever it would keep. */
const PAGE_HOURS = 700;
const PATH = '/api/v2/public';

/** Perpetuals of Deribit, settled in their coin or in USDC, which accrue all the time. https://docs.deribit.com */
export function createDeribit(): Venue {
  const instruments = keptList('get_instruments', 5 * MINUTE_MS, async (io) => {
    const found = parseInstruments(
      await io.request({ path: `${PATH}/get_instruments?currency=any&kind=future&expired=false`, cost: COST }),
    );
    if (found.size === 0) throw empty(NAME, 'get_instruments lists no perpetual');
    return found;
  });
  const watch = createListWatch(instruments);
  const summary = async (io: VenueIo, currency: string) =>
    parseSummary(await io.request({ path: `${PATH}/get_book_summary_by_currency?currency=${currency}&kind=future`, cost: COST }));
  const hours = async (io: VenueIo, symbol: string, start: number, end: number): Promise<readonly unknown[]> => {
    const span = `start_timestamp=${start}&end_timestamp=${end}`;
    const path = `${PATH}/get_funding_rate_history?instrument_name=${encodeURIComponent(symbol)}&${span}`;
    return parseHours(await io.request({ path, cost: COST }));
  };
  const accruals = async (io: VenueIo, symbol: string, start: number, end: number): Promise<SettledAnswer> =>
    readAccruals(await hours(io, symbol, start, end), symbol, io.now);
  const newestAccruals = async (io: VenueIo, symbol: string, start: number, end: number): Promise<SettledAnswer> => {
    const found = await newestWindow((from, to) => hours(io, symbol, from, to), start, end, PAGE_HOURS);
    return readAccruals(found.toReversed(), symbol, io.now);
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://www.deribit.com',
    host: DERIBIT,
    hue: 187,
    onByDefault: false,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const notes: string[] = [];
      const untold: Untold[] = [];
      const [first, ...others] = SETTLES;
      const summaries = [await summary(io, first)];
      for (const settle of others) {
        const found = await orNote(`the book summary of ${settle}`, notes, () => summary(io, settle));
        if (found === null) untold.push({ settle });
        else summaries.push(found);
      }
      const known = { listings: await watch.refresh(io, notes), lacks: watch.lacks };
      const poll = readRates(summaries, known, io.now, notes, untold);
      watch.polled(poll);
      return poll;
    },
    oldest: (io, symbol) =>
      findOldest({
        venue: NAME,
        limit: PAGE_HOURS,
        start: instruments.value?.get(symbol)?.instrument.listedAt ?? OPENED_AT,
        now: io.now,
        ask: (start, end) => accruals(io, symbol, start, end),
      }),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: PAGE_HOURS,
        now: () => io.now,
        ask: (start, end) => newestAccruals(io, symbol, start, end),
      }),
    prices: (io, symbol, from, to) =>
      walkPrices({
        from,
        servedFrom: instruments.value?.get(symbol)?.instrument.listedAt ?? OPENED_AT,
        to,
        hoursPerPage: PAGE_HOURS,
        now: () => io.now,
        ask: async (window) => ({
          index: readIndex(await hours(io, symbol, window.firstOpen + HOUR_MS, window.lastOpen + HOUR_MS), symbol, window),
        }),
      }),
    async orderRules(io, symbol) {
      const listing = (await instruments.required(io, HOUR_MS)).get(symbol);
      if (listing?.isActive !== true) throw unlisted(NAME, symbol);
      return listing.rules;
    },
    async book(io, symbol) {
      const instrument = instruments.value?.get(symbol)?.instrument ?? namedInstrument(symbol);
      if (instrument === null) throw malformed(NAME, `${symbol} is no perpetual`);
      const path = `${PATH}/get_order_book?instrument_name=${encodeURIComponent(symbol)}&depth=1000`;
      return parseBook(await io.request({ path, cost: COST }), symbol, instrument, io.now);
    },
    bookCost: COST,
  };
}
