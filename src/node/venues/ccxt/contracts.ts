import type { Instrument, VenueId } from '#domain/instrument.ts';
import { perpetual, readDate } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readName, readNumber, type Row } from '../common/read.ts';

/** A perpetual as ccxt lists it. */
export interface CcxtContract {
  /** ccxt's own name of it ("BTC/USDT:USDT"), by which it is asked. */
  readonly unified: string;
  /** The coin as the exchange writes it where that tells its multiplier (kBONK), else as ccxt does. */
  readonly base: string;
  readonly instrument: Instrument;
  readonly trades: boolean;
  /** ccxt's market, for the rules of orders. */
  readonly market: Row;
}

/** By ccxt's names. What is neither linear nor inverse pays in a third coin, and is left out. `size`: of a contract, where ccxt's is none. */
export function readContracts(venue: VenueId, name: string, answer: unknown, size?: number): ReadonlyMap<string, CcxtContract> {
  const contracts = new Map<string, CcxtContract>();
  for (const item of listOf(name, answer, 'list of markets')) {
    const market = asRow(item);
    const contract = market === null ? null : readContract(venue, market, size);
    if (contract !== null) contracts.set(contract.unified, contract);
  }
  return contracts;
}

function readContract(venue: VenueId, market: Row, size: number | undefined): CcxtContract | null {
  const { id: symbol, symbol: unified } = market;
  const [base, quote, settle] = [baseOf(market), readName(market['quote']), readName(market['settle'])];
  const kind = market['inverse'] === true ? 'inverse' : market['linear'] === true ? 'linear' : null;
  if (market['swap'] !== true || kind === null || base === null || quote === null || settle === null) return null;
  if (!isSymbol(symbol) || typeof unified !== 'string') return null;
  const instrument = perpetual({
    venue,
    symbol,
    base,
    kPrefix: true,
    quote,
    settle,
    contract: kind,
    contractSize: size ?? readNumber(market['contractSize']),
    listedAt: readDate(market['created']),
  });
  return { unified, base, instrument, trades: market['active'] !== false, market };
}

/**
 * ccxt writes every coin in capitals, so 1000 BONK as kBONK would be a coin called KBONK: the small k stands in the exchange's own
 * names alone, of the coin or (Nado, whose coins are numbers) of the contract.
 */
function baseOf(market: Row): string | null {
  const base = readName(market['base']);
  if (base === null || !base.startsWith('K')) return base;
  const thousands = `k${base.slice(1)}`;
  const [coin, contract, raw] = [market['baseId'], market['id'], asRow(market['info'])?.['symbol']];
  const isThousands = coin === thousands || [contract, raw].some((name) => typeof name === 'string' && NAMED.exec(name)?.[0] === thousands);
  return isThousands ? thousands : base;
}
const NAMED = /^k[A-Z][A-Z0-9]+/u;
