import type { Clock } from '../ports/clock.ts';
import type { SpendingBooks } from '../ports/spending.ts';
import { createRateBudget, type RateBudget } from './rate-budget.ts';
import { createSilence, type Silence } from './silence.ts';
import type { VenueError } from '../venue-error.ts';
import type { ExchangeHost } from '../venue.ts';

/** A market as its host knows it. */
export interface HostedMarket {
  /** Switched on. */
  isOn(): boolean;
  /** The base URL that a person gave instead of the market's own; null: its own. */
  givenUrl(): string | null;
  /** Its silence was ended before its time. */
  onCleared(): void;
}

/**
 * What the markets of one exchange share: a budget over all that they ask, and the silence of the address that they ask. The
 * addresses of the exchange itself count as one, since it bans a machine and not one of its markets; an address that a person
 * gave (a mirror, a proxy) has a silence of its own.
 */
export interface Host {
  readonly budget: RateBudget;
  join(market: HostedMarket): void;
  /** What the market asks, by name: one for the exchange's own addresses, one for each that a person gave. Bans and clocks are kept by it. */
  addressOf(market: Pick<HostedMarket, 'givenUrl'>): string;
  /** The exchange's own addresses answered a question below `path` with these headers (names in lower case): what it counts as spent is spent. */
  answered(headers: Readonly<Record<string, string>>, path: string): void;
  silenceOf(market: HostedMarket): Silence;
  /** Ends the silence of the market's address for all markets that ask there. */
  clear(market: HostedMarket): void;
  /**
   * The market has left `url` for another address: what that one wanted is forgotten, unless another market still asks there.
   * Returns the reason of a silence that was forgotten.
   */
  leave(url: string | null): VenueError | null;
  /** How many of its markets are switched on. */
  marketsOn(): number;
}

export interface HostOptions {
  readonly clock: Clock;
  /** Without it this run knows of no other. */
  readonly spending?: SpendingBooks;
  readonly random: () => number;
  /** An address wants silence from now on, whichever request met it. */
  readonly onSilence?: () => void;
}

export function createHost({ id, limits, spent }: Pick<ExchangeHost, 'id' | 'limits' | 'spent'>, options: HostOptions): Host {
  const { clock, spending, random } = options;
  const book = spending && {
    spent: () => spending.spent(id),
    keep: (spent: Parameters<SpendingBooks['keep']>[1]) => spending.keep(id, spent),
  };
  const markets: HostedMarket[] = [];
  const silences = new Map<string | null, Silence>();

  function silenceAt(url: string | null): Silence {
    const known = silences.get(url) ?? createSilence(clock, random, () => options.onSilence?.());
    silences.set(url, known);
    return known;
  }
  const budget = createRateBudget(clock, limits, book);
  return {
    budget,
    join: (market) => void markets.push(market),
    addressOf(market) {
      const url = market.givenUrl();
      return url === null ? id : `${id} ${url}`;
    },
    answered: (headers, path) => budget.counted(spent?.(headers, path) ?? {}),
    silenceOf: (market) => silenceAt(market.givenUrl()),
    clear(market) {
      const url = market.givenUrl();
      silenceAt(url).clear();
      for (const other of markets) if (other !== market && other.givenUrl() === url) other.onCleared();
    },
    leave(url) {
      if (markets.some((market) => market.givenUrl() === url)) return null;
      const why = silences.get(url)?.why() ?? null;
      silences.delete(url);
      return why;
    },
    marketsOn: () => markets.filter((market) => market.isOn()).length,
  };
}

/** The one host of all markets that name it. */
export function createHosts(options: HostOptions): (host: ExchangeHost) => Host {
  const hosts = new Map<string, Host>();
  return (host) => {
    const known = hosts.get(host.id) ?? createHost(host, options);
    hosts.set(host.id, known);
    return known;
  };
}
