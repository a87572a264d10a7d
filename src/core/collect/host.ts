import type { Clock } from '../ports/clock.ts';
import type { SpendingLedger } from '../ports/spending.ts';
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
  /** Through which proxy it is asked, by `outgoing`: empty for this machine's own way. */
  outgoing(): string;
  /** Its silence was ended before its time. */
  onCleared(): void;
}

/**
 * What the markets of one exchange share: a budget over all that they ask, and the silence of the address that they ask. The
 * addresses of the exchange itself count as one, since it bans a machine and not one of its markets; a mirror that a person gave
 * has a silence of its own. An exchange counts by the address that it sees: what goes through a proxy has budget and silence apart.
 */
export interface Host {
  /** Over what leaves this machine by this way (see `HostedMarket.outgoing`). */
  budgetOf(outgoing: string): RateBudget;
  join(market: HostedMarket): void;
  /**
   * What the market asks, by name: one for the exchange's own addresses, one for each that a person gave, through each proxy.
   * Bans and clocks are kept by it.
   */
  addressOf(market: Pick<HostedMarket, 'givenUrl' | 'outgoing'>): string;
  /**
   * The exchange's own addresses answered a question below `path`, which left by `outgoing`, with these headers (names in lower
   * case): what it counts as spent is spent.
   */
  answered(headers: Readonly<Record<string, string>>, path: string, outgoing: string): void;
  silenceOf(market: HostedMarket): Silence;
  /** Ends the silence of the market's address for all markets that ask there. */
  clear(market: HostedMarket): void;
  /**
   * The market has left `address` for another one: what that one wanted is forgotten, unless another market still asks there.
   * Returns the reason of a silence that was forgotten.
   */
  leave(address: string): VenueError | null;
  /** How many of its markets are switched on. */
  marketsOn(): number;
  readonly retryAfterUnitMs: number | undefined;
}

export interface HostOptions {
  readonly clock: Clock;
  /** Without it this run knows of no other. */
  readonly spending?: SpendingLedger;
  readonly random: () => number;
  /** An address wants silence from now on, whichever request met it. */
  readonly onSilence?: () => void;
}

type HostTerms = Pick<ExchangeHost, 'id' | 'limits' | 'spent' | 'retryAfterUnitMs'>;

export function createHost({ id, limits, spent, retryAfterUnitMs }: HostTerms, options: HostOptions): Host {
  const { clock, spending, random } = options;
  const markets: HostedMarket[] = [];
  const silences = new Map<string, Silence>();
  const budgets = new Map<string, RateBudget>();

  // Every reading of a venue's clock asks for it.
  const addressOf: Host['addressOf'] = (market) => {
    const [url, outgoing] = [market.givenUrl() ?? '', market.outgoing()];
    return `${id}${url && ` ${url}`}${outgoing && ` via ${outgoing}`}`;
  };
  function silenceAt(address: string): Silence {
    const known = silences.get(address) ?? createSilence(clock, random, () => options.onSilence?.());
    silences.set(address, known);
    return known;
  }
  function budgetOf(outgoing: string): RateBudget {
    const name = outgoing === '' ? id : `${id} via ${outgoing}`;
    const book = spending && {
      spent: () => spending.spent(name),
      keep: (units: Parameters<SpendingLedger['keep']>[1]) => spending.keep(name, units),
    };
    const known = budgets.get(outgoing) ?? createRateBudget(clock, limits, book);
    budgets.set(outgoing, known);
    return known;
  }
  return {
    budgetOf,
    join: (market) => void markets.push(market),
    addressOf,
    answered: (headers, path, outgoing) => budgetOf(outgoing).counted(spent?.(headers, path) ?? {}),
    silenceOf: (market) => silenceAt(addressOf(market)),
    clear(market) {
      const address = addressOf(market);
      silenceAt(address).clear();
      for (const other of markets) if (other !== market && addressOf(other) === address) other.onCleared();
    },
    leave(address) {
      if (markets.some((market) => addressOf(market) === address)) return null;
      const why = silences.get(address)?.why() ?? null;
      silences.delete(address);
      return why;
    },
    marketsOn: () => markets.filter((market) => market.isOn()).length,
    retryAfterUnitMs,
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
