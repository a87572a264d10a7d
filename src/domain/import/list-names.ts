import { coinOf, type Instrument } from '../instrument.ts';
import { shown } from './cells.ts';

/** A venue as files of lists may name it. */
export interface ListVenue {
  readonly id: string;
  readonly name: string;
  readonly host: {
    readonly id: string;
    readonly name: string;
    /** Before the colon of its symbols on TradingView. */
    readonly tradingView?: readonly string[];
  };
}

/** The instrument that a name means, or why it means none, as a sentence. */
export type Named = { readonly instrument: Instrument; readonly reason: null } | { readonly instrument: null; readonly reason: string };

/** How TradingView's symbols of perpetuals end; PERP is the older way. */
const PERPETUAL = /(?:\.P|PERP)$/u;
const none = (reason: string): Named => ({ instrument: null, reason });

/** Looks instruments up by the names that lists use: a venue and its own symbol, or TradingView's exchange and symbol. `known`: those of the history. */
export function createListNames(known: readonly Instrument[], venues: readonly ListVenue[]): (text: string) => Named {
  const byId = new Map(known.map((one) => [one.id, one]));
  return (text) => {
    const exact = byId.get(text);
    if (exact !== undefined) return { instrument: exact, reason: null };
    const colon = text.indexOf(':');
    if (colon < 1) return none(`${shown(text)} says no exchange. Write it before a colon, as EXCHANGE:BTCUSDT.P.`);
    const [exchange, symbol] = [text.slice(0, colon), text.slice(colon + 1)];
    const own = venues.filter(({ id }) => id === exchange);
    if (own.length > 0) return among(symbol, own, known);
    const charted = venues.filter(({ host }) => host.tradingView?.includes(exchange) === true);
    // OKX:BTC-USDT-SWAP is an exchange by its own name, with its own symbol.
    const isOwn = charted.some(({ id }) => byId.has(`${id}:${symbol}`)) && venues.some(({ name }) => name === exchange);
    if (charted.length > 0 && !isOwn && !PERPETUAL.test(symbol))
      return none(`${shown(text)} is no perpetual: those end in .P on TradingView.`);
    const named = charted.length > 0 ? charted : venues.filter(({ name }) => same(name, exchange));
    if (named.length > 0) return among(symbol, named, known);
    return none(`${shown(exchange)} is no exchange that Perpscope asks for perpetuals.`);
  };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Letters and digits alone, without the words that venues put behind a perpetual. */
const keyOf = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/(?:PERPETUAL|PERP|SWAP)$/u, '');

/** By their symbols, else by coin and money: 1000PEPEUSDT, XBTUSD. */
function among(symbol: string, venues: readonly ListVenue[], known: readonly Instrument[]): Named {
  const names = new Set(venues.map(({ id }) => id));
  const ofVenues = known.filter(({ venue }) => names.has(venue));
  const exchange = venues[0]?.host.name ?? '';
  if (ofVenues.length === 0)
    return none(`No instrument of ${exchange} is known here yet. Switch it on in Venues, and import once it has answered.`);
  const exact = ofVenues.filter((one) => one.symbol === symbol);
  if (exact.length === 1 && exact[0] !== undefined) return { instrument: exact[0], reason: null };
  const key = keyOf(symbol.replace(PERPETUAL, ''));
  const alike = ofVenues.filter((one) => keyOf(one.symbol) === key);
  const found = newest(alike.length > 0 ? alike : ofVenues.filter((one) => pairKeys(one).includes(key)));
  const [first] = found;
  if (first === undefined) return none(`${exchange} lists no ${shown(symbol.replace(PERPETUAL, ''))} that is known here.`);
  if (found.length === 1) return { instrument: first, reason: null };
  return none(
    `${shown(symbol)} can be ${found
      .map(({ id }) => id)
      .slice(0, 5)
      .join(' or ')}. Write the one that is meant.`,
  );
}

const pairKeys = (one: Instrument): string[] =>
  [one.asset, ...one.aliases].flatMap((asset) => {
    const coins = [coinOf({ ...one, asset }), ...(one.multiplier === 1000 ? [`K${asset}`] : [])];
    return coins.flatMap((coin) =>
      [...new Set([one.quote, one.contract === 'linear' ? one.settle : one.quote])].map((money) => keyOf(`${coin}${money}`)),
    );
  });

/** Those that still trade, where some do. */
function newest(found: readonly Instrument[]): readonly Instrument[] {
  const trading = found.filter(({ delistedAt }) => delistedAt === null);
  return trading.length > 0 ? trading : found;
}
