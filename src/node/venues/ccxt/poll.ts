import type { VenuePoll, VenueIo } from '#core/venue.ts';
import { answerTime, asAnswerTime, buildPoll } from '../common/poll.ts';
import { VenueError } from '#core/venue-error.ts';
import { asRow, failureNote, labelOf, malformed, orNote, type Row } from '../common/read.ts';
import type { CcxtClient } from './client.ts';
import type { CcxtContract } from './contracts.ts';
import { type CcxtRate, readRate } from './rates.ts';
import type { ReadTicker, Way } from './ways.ts';

type Ask = (io: VenueIo, work: (client: CcxtClient) => Promise<unknown>) => Promise<unknown>;
type Contracts = ReadonlyMap<string, CcxtContract>;

/** Asking contract by contract a poll takes no longer: two thirds of the usual time between two. */
export const SWEEP_MS = 20_000;
/** Of what the exchange allows in that time: less than back-fill may fill up to, so that history goes on beside polls in a row. */
const SWEEP_SHARE = 0.7;
/** Of that again, for what is watched: the others get their turn too. */
const WATCHED_SHARE = 0.75;
/** Of a sweep in which so many contracts cannot be read and none can, the fault is the venue's. */
const UNREADABLE = 3;
/** A rate of a sweep that is older was of a contract that is not answered for any more. */
const SWEPT_MS = 30 * 60_000;

export interface RatesAnswer {
  /** By ccxt's name of the contract. */
  readonly rates: ReadonlyMap<string, CcxtRate | null>;
  readonly untold: NonNullable<VenuePoll['untold']>;
}

/**
 * Asks for the running rates of all contracts, in the way of the exchange. What a sweep has found is kept between polls. `isListOld`: the
 * list of contracts could not be read again lately. `units`: what the exchange allows in the time of a sweep.
 */
export function createRatesReader(
  name: string,
  way: Way,
  ask: Ask,
  isListOld: () => boolean,
  units: number,
): (io: VenueIo, contracts: Contracts, notes: string[]) => Promise<RatesAnswer> {
  const swept = new Map<string, { readonly askedAt: number; readonly rate: CcxtRate | null }>();

  const read = (answer: unknown, contracts: Contracts, askedAt: number): Map<string, CcxtRate | null> => {
    const rows = asRow(answer);
    if (rows === null) throw malformed(name, 'its rates are not a list by symbol');
    const isOld = isListOld();
    const rateOf = (unified: string, row: unknown): CcxtRate | null =>
      readRate(row, way, askedAt, { market: contracts.get(unified)?.market ?? null, isOld });
    return new Map(Object.entries(rows).map(([unified, row]) => [unified, rateOf(unified, row)]));
  };
  async function inBulk(io: VenueIo, contracts: Contracts, notes: string[], kind: 'bulk' | 'symbols'): Promise<RatesAnswer> {
    const calls = (way.rates.kind === 'bulk' ? way.rates.calls : undefined) ?? [{ params: {}, contract: undefined }];
    const symbols = kind === 'symbols' ? [...contracts.keys()] : undefined;
    const rates = new Map<string, CcxtRate | null>();
    const untold: { contract: 'linear' | 'inverse' }[] = [];
    for (const [i, { params, contract }] of calls.entries()) {
      const load = (): Promise<unknown> => ask(io, (client) => client.fetchFundingRates(symbols, params));
      const answer = i === 0 ? await load() : await orNote(`rates of ${contract ?? 'more'} contracts`, notes, load);
      if (answer !== null) for (const [unified, rate] of read(answer, contracts, io.now)) rates.set(unified, rate);
      else if (contract !== undefined) untold.push({ contract });
    }
    return { rates, untold };
  }
  /** A ticker as a unified rate, by what the raw one says. */
  function rateOf(read: ReadTicker, ticker: unknown, market: Row | null): object {
    const given = asRow(ticker) ?? {};
    return { ...given, ...read(asRow(given['info']) ?? {}, asRow(market?.['info']) ?? {}) };
  }
  async function fromTickers(io: VenueIo, contracts: Contracts, readTicker: ReadTicker): Promise<RatesAnswer> {
    const tickers = asRow(await ask(io, (client) => client.fetchTickers(undefined, {})));
    // ccxt calls a contract by the exchange's own name where its tickers have another one than its list.
    const named = new Map([...contracts.values()].map(({ unified, market }) => [market['id2'], unified]));
    const rows = Object.entries(tickers ?? {}).map(([name, ticker]): [string, object] => {
      const unified = contracts.has(name) ? name : (named.get(name) ?? name);
      return [unified, rateOf(readTicker, ticker, contracts.get(unified)?.market ?? null)];
    });
    return { rates: read(Object.fromEntries(rows), contracts, io.now), untold: [] };
  }
  const askOne = async (io: VenueIo, { unified, market }: CcxtContract, readTicker: ReadTicker | undefined): Promise<unknown> =>
    readTicker === undefined
      ? ask(io, (client) => client.fetchFundingRate(unified, {}))
      : rateOf(readTicker, await ask(io, (client) => client.fetchTicker(unified, {})), market);
  async function bySweep(io: VenueIo, contracts: Contracts, notes: string[], readTicker?: ReadTicker): Promise<RatesAnswer> {
    const askedAt = (unified: string): number => swept.get(unified)?.askedAt ?? 0;
    const trading = [...contracts.values()].filter(({ trades }) => trades);
    const byAge = trading.toSorted((a, b) => askedAt(a.unified) - askedAt(b.unified));
    const [startedAt, most, watched] = [io.now, SWEEP_SHARE * units, new Set(io.watched)];
    const first = new Set(byAge.filter(({ instrument }) => watched.has(instrument.symbol)).slice(0, Math.ceil(WATCHED_SHARE * most)));
    let [answered, spent, dearest] = [0, 0, 0];
    const unreadable: VenueError[] = [];
    const counted: VenueIo = {
      get now() {
        return io.now;
      },
      request(request) {
        const { units: cost = 0 } = request.cost;
        spent += cost;
        dearest = Math.max(dearest, cost);
        return io.request(request);
      },
    };
    for (const contract of [...first, ...byAge.filter((one) => !first.has(one))]) {
      if ((spent > 0 && spent + dearest > most) || io.now - startedAt >= SWEEP_MS) break;
      const { unified } = contract;
      const before = swept.get(unified)?.rate ?? null;
      swept.set(unified, { askedAt: io.now, rate: before });
      try {
        const answer = await askOne(counted, contract, readTicker);
        swept.set(unified, { askedAt: io.now, rate: readRate(answer, way, io.now, { market: contract.market, isOld: isListOld() }) });
        answered += 1;
      } catch (error) {
        if (!(error instanceof VenueError)) throw error;
        // A contract that cannot be read is that contract's matter, anything else the venue's: the sweep goes on at the next poll.
        const ofVenue = error.kind !== 'malformed';
        if (!ofVenue) unreadable.push(error);
        if (error.kind === 'cancelled' || (ofVenue && answered === 0)) throw error;
        notes.push(failureNote(`the rate of ${unified}`, 'without it', error));
        if (ofVenue) break;
      }
    }
    const [failure] = unreadable;
    if (failure !== undefined && answered === 0 && unreadable.length >= Math.min(UNREADABLE, trading.length)) throw failure;
    for (const [unified, { rate }] of swept) {
      if (!contracts.has(unified) || (rate !== null && io.now - rate.at > SWEPT_MS)) swept.delete(unified);
    }
    return { rates: new Map([...swept].flatMap(([unified, { rate }]) => (rate === null ? [] : [[unified, rate]]))), untold: [] };
  }
  return (io, contracts, notes) => {
    const { rates } = way;
    if (rates.kind === 'tickers') return fromTickers(io, contracts, rates.read);
    return rates.kind === 'each' ? bySweep(io, contracts, notes, rates.read) : inBulk(io, contracts, notes, rates.kind);
  };
}

/** The rates as one poll. A contract that the list does not hold has none of its own: its unit is not known. */
export function readPoll(
  name: string,
  { rates, untold }: RatesAnswer,
  contracts: Contracts,
  { now, isSwept, notes }: { readonly now: number; readonly isSwept: boolean; readonly notes: readonly string[] },
): VenuePoll {
  const found = [...rates].flatMap(([unified, rate]) => (rate === null ? [] : [{ unified, rate }]));
  // Rows of a sweep are of many moments: the answer is as of its end.
  const venueTime = isSwept ? now : asAnswerTime(answerTime(found.map(({ rate }) => rate.at)));
  const market = buildPoll(name, now, venueTime);
  for (const { instrument, trades } of contracts.values()) if (!trades) market.close(instrument.symbol);
  for (const { unified, rate } of found) {
    const contract = contracts.get(unified);
    if (contract === undefined) market.leaveOut(labelOf(unified));
    else if (contract.trades) {
      const { at, isGuess, ...told } = rate;
      const symbol = contract.instrument.symbol;
      const snapshot = {
        ...told,
        symbol,
        ...(isGuess && { intervalIsGuess: true as const }),
        openInterest: null,
        volume24h: null,
        interestPer8h: null,
      };
      market.add(contract.instrument, snapshot, at);
    }
  }
  return untold.length === 0 ? market.build(notes) : { ...market.build(notes), untold };
}
