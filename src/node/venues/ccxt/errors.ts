import { VenueError, type VenueFailure } from '#core/venue-error.ts';

/** By the names of ccxt's classes, the most special first; what an exchange says in a body of status 200 comes as one of these. */
const KINDS: readonly (readonly [name: string, kind: VenueFailure, user: string])[] = [
  ['DDoSProtection', 'rate-limited', 'asks for fewer requests.'],
  ['RateLimitExceeded', 'rate-limited', 'asks for fewer requests.'],
  ['RestrictedLocation', 'blocked', 'refuses this connection: it may not serve this country.'],
  ['AuthenticationError', 'blocked', 'wants an account for this.'],
  ['RequestTimeout', 'timeout', 'did not answer in time.'],
  ['ExchangeNotAvailable', 'server', 'has trouble of its own.'],
  ['NetworkError', 'network', 'cannot be reached: no network, or the address is wrong.'],
];

/** Names of the class of an error and of all that it extends. */
function classesOf(error: unknown): Set<string> {
  const names = new Set<string>();
  for (let at: unknown = error; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at)) names.add(at.constructor.name);
  return names;
}

/** Anything that ccxt threw. An error of our own way to the venue comes through as it is. */
export function fromCcxt(venue: string, error: unknown): VenueError {
  if (error instanceof VenueError) return error;
  const names = classesOf(error);
  const [, kind, user] = KINDS.find(([name]) => names.has(name)) ?? [
    '',
    'malformed' as const,
    'sent an answer that Perpscope cannot read. It will ask again.',
  ];
  return new VenueError(
    kind,
    `${venue} ${user}`,
    `${venue}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
  );
}
