import { answerError, toVenueError } from './classify.ts';
import type { Cancellation } from '../ports/clock.ts';
import { outgoing, type ProxyChoice } from '#bridge/proxy.ts';
import type { Http, HttpResponse } from '../ports/http.ts';
import type { Host, HostedMarket } from './host.ts';
import type { Priority } from './rate-budget.ts';
import { VenueError } from '../venue-error.ts';
import type { Venue, VenueIo } from '../venue.ts';

const DEADLINE_MS = 15_000;
/** Polls and pages of the real venues take up to 1 MB. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Told of each request as it is sent, and of what comes of it. */
export interface LinkObserver {
  sent(url: string): void;
  answered(response: HttpResponse): void;
  failed(failure: unknown): void;
}

/** The one way to a venue, shared by its poll, its settlements and its back-fill: its host's budget and silence, deadline, status. */
export interface VenueLink {
  io(priority: Priority, signal: Cancellation, observer?: LinkObserver): VenueIo;
  /** Takes an error that asks for silence to heart; returns how long (clock ms), 0 when it does not. */
  note(error: VenueError): number;
  /** Nothing is sent for so long; a longer silence in force stays. */
  silence(ms: number, why: VenueError): void;
  /** Clock ms until something may be sent. */
  silentForMs(): number;
  /** What the silence was asked with. */
  silentWhy(): VenueError | null;
  /** The venue answered well: the next silence starts from the shortest again. */
  good(): void;
  /** The person's wish: the silence is forgotten, for all markets that ask the same address. */
  clear(): void;
  /** The base URL or the proxy may be another one now. Returns the address before and the reason of a silence that was forgotten with it. */
  moved(): { readonly address: string; readonly why: VenueError } | null;
  /** What is asked, as bans and clocks are kept by it. */
  address(): string;
}

export interface LinkOptions {
  readonly venue: Pick<Venue, 'name' | 'url'>;
  readonly host: Host;
  readonly http: Http;
  /** The base URL instead of the venue's own; null: its own. */
  readonly givenUrl: () => string | null;
  /** How its requests leave this machine. */
  readonly proxy: () => ProxyChoice;
  /** Parts of the venue that a person chose; absent: it has none. */
  readonly parts?: () => readonly string[];
  /** Symbols of it that are watched. */
  readonly watched?: () => readonly string[];
  /** Venue-corrected time. */
  readonly now: () => number;
  readonly isOn: () => boolean;
  /** The host bans this machine: worth remembering beyond this run. */
  readonly onBan: (ms: number, error: VenueError) => void;
  /** Another market of the host has ended the silence. */
  readonly onCleared?: () => void;
}

/** Joins a base URL (maybe with a path prefix, maybe with slashes at its end) and a path. */
export const joinUrl = (base: string, path: string): string => `${base.replace(/(?<!\/)\/+$/u, '')}/${path.replace(/^\/+/u, '')}`;

const absent = (name: string, path: string): VenueError =>
  new VenueError('absent', `${name} has not published that.`, `${path}: status 404: it is not published`);

export function createVenueLink({
  venue,
  host,
  http,
  givenUrl,
  proxy,
  parts,
  watched,
  now,
  isOn,
  onBan,
  onCleared,
}: LinkOptions): VenueLink {
  const market: HostedMarket = { isOn, givenUrl, outgoing: () => outgoing(proxy()), onCleared: () => onCleared?.() };
  host.join(market);
  let address = host.addressOf(market);
  const silence = () => host.silenceOf(market);

  function assertMaySend(): void {
    const why = silence().why();
    if (why) throw new VenueError(why.kind, why.user, `not sent: ${why.message}`, silence().forMs());
  }

  const link: VenueLink = {
    io: (priority, signal, observer) => ({
      get now() {
        return now();
      },
      ...(parts && { parts: parts() }),
      ...(watched && priority === 'poll' && { watched: watched() }),
      async request({ method = 'GET', path, origin, body, cost, maxBytes = MAX_BYTES, as = 'text', mayLack = false }) {
        assertMaySend();
        await host.budgetOf(market.outgoing()).take(cost, priority, signal);
        assertMaySend();
        const way = proxy();
        const asked = joinUrl(givenUrl() ?? origin ?? venue.url, path);
        const request = { method, url: asked, proxy: way, ...(body === undefined ? {} : { body }), deadlineMs: DEADLINE_MS, maxBytes, as };
        let error: VenueError | null;
        try {
          observer?.sent(asked);
          const response = await http.request(request, signal);
          observer?.answered(response);
          if (givenUrl() === null) host.answered(response.headers, path, outgoing(way));
          error =
            mayLack && response.status === 404
              ? absent(venue.name, path)
              : answerError(venue.name, path, response, now(), host.retryAfterUnitMs);
          if (!error) return response.body;
        } catch (thrown) {
          observer?.failed(thrown);
          error = toVenueError(venue.name, thrown);
        }
        link.note(error);
        throw error;
      },
    }),
    note: (error) => silence().note(error, (ms) => onBan(ms, error)),
    silence: (ms, why) => silence().keep(ms, why),
    silentForMs: () => silence().forMs(),
    silentWhy: () => silence().why(),
    good: () => silence().good(),
    clear: () => host.clear(market),
    moved() {
      const before = address;
      address = host.addressOf(market);
      const why = before === address ? null : host.leave(before);
      return why && { address: before, why };
    },
    address: () => host.addressOf(market),
  };
  return link;
}
