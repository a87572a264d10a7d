import { VenueError } from '#core/venue-error.ts';
import type { VenueId } from '#domain/instrument.ts';
import { Contracts, type Contract } from '#node/demo/contracts.ts';
import { createWires, demoVenues } from '#node/demo/market.ts';
import { Process } from '#node/demo/process.ts';
import { Story } from '#node/demo/story.ts';
import type { WireAnswer, Wires } from '#node/demo/wire.ts';
import type { VenueIo } from '#core/venue.ts';
import { createVenues } from '#node/venues/index.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Any moment will do: 20 November 2026, 13:07:03 UTC. */
export const NOW = Date.UTC(2026, 10, 20, 13, 7, 3);
export const VENUES: readonly VenueId[] = demoVenues().map(({ id }) => id);

export function createModel(seed: number): { story: Story; contracts: Contracts; process: Process } {
  const story = new Story(seed);
  return { story, contracts: new Contracts(seed, story, demoVenues()), process: new Process(seed, story) };
}

export function contractOf(contracts: Contracts, venue: VenueId, symbol: string, now = NOW): Contract {
  const contract = contracts.find(venue, symbol, now);
  if (!contract) throw new Error(`no contract ${venue}:${symbol}`);
  return contract;
}

/** The venue's main contract on an asset: the one that holds most of its open interest. */
export function mainContract(contracts: Contracts, venue: VenueId, asset: string, now = NOW): Contract {
  const [main] = contracts
    .of(venue, now)
    .filter((contract) => contract.asset.name === asset)
    .sort((a, b) => b.part - a.part);
  return sure(main);
}

const made = new Map<number, Wires>();
/** An answer hangs on the question and its time alone: the market of a seed is made once. */
function wiresOf(seed: number): Wires {
  const wires = made.get(seed) ?? createWires(seed).wires;
  made.set(seed, wires);
  return wires;
}

/** Asks the wires as a client would, by path or by Hyperliquid's body. */
export function createAsker(seed: number) {
  const wires = wiresOf(seed);
  const ask = (venue: VenueId, target: string | object, now = NOW): WireAnswer => {
    const isPath = typeof target === 'string';
    const url = new URL(isPath ? target : '/info', 'http://127.0.0.1');
    const body = isPath ? '' : JSON.stringify(target);
    return sure(wires[venue])({ method: isPath ? 'GET' : 'POST', path: url.pathname, query: url.searchParams, body }, now);
  };
  /** The parsed body of an answer that has to be good; the test says what it expects in it. */
  const read = (venue: VenueId, target: string | object, now = NOW): unknown => {
    const answer = ask(venue, target, now);
    if (answer.status !== 200) throw new Error(`${venue} answered ${answer.status}: ${answer.body}`);
    return JSON.parse(answer.body) as unknown;
  };
  return { ask, read };
}

/** What the app's own venue modules use to ask, over the wires of one seed. */
export function createIo(seed: number, venue: VenueId, now = NOW): VenueIo {
  const wires = wiresOf(seed);
  const parts = createVenues().find(({ id }) => id === venue)?.parts?.examples;
  return {
    now,
    ...(parts && { parts }),
    request: ({ method = 'GET', path, body }) => {
      const url = new URL(path, 'http://127.0.0.1');
      const text = body === undefined ? '' : JSON.stringify(body);
      const answer = sure(wires[venue])({ method, path: url.pathname, query: url.searchParams, body: text }, now);
      if (answer.status === 200) return Promise.resolve(answer.body);
      const said = `${answer.status}: ${answer.body}`;
      return Promise.reject(answer.status >= 500 ? new VenueError('server', said, said) : new Error(said));
    },
  };
}

/** A value that has to be there for the test to mean anything. */
export function sure<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the test found nothing to look at');
  return value;
}
