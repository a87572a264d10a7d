import { AsyncLocalStorage } from 'node:async_hooks';
import { type VenueIo, type VenueRequest } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { malformed, parseJson } from '../common/read.ts';
import type { CcxtClient } from './client.ts';
import { fromCcxt } from './errors.ts';
import { newClient } from './load.ts';

/** Lists of all contracts and their rules are the largest answers. */
const MAX_BYTES = 16 * 1024 * 1024;
/** ccxt's own deadline would end no request of ours: the way to the venue has one over the whole answer, and waits for its budget. */
const NO_DEADLINE_MS = 2_147_483_647;

/** One question to ccxt, and what its requests met. */
interface Question {
  readonly io: VenueIo;
  failure: VenueError | null;
}
interface Asking {
  readonly question: Question;
  /** ccxt's weight of the request to come, in units of the exchange's rate limit. */
  readonly units: number;
}

export interface LinkOptions {
  readonly exchange: string;
  readonly name: string;
  /** Its base URL; an absolute URL elsewhere is asked as another address of the exchange. */
  readonly url: string;
  readonly options: object;
  readonly maxUnits: number;
  /** The sentence for an exchange that the installed package does not know. */
  readonly dropped: string;
}

/** Questions to one exchange of ccxt. Nothing of it opens a socket: each request goes the way of the question that it belongs to. */
export interface CcxtLink {
  /** Throws VenueError: of the way to the venue, or what ccxt threw. */
  readonly ask: (io: VenueIo, work: (client: CcxtClient) => Promise<unknown>) => Promise<unknown>;
}

export function createCcxtLink({ exchange, name, url: base, options, maxUnits, dropped }: LinkOptions): CcxtLink {
  const asking = new AsyncLocalStorage<Asking>();
  let opening: Promise<CcxtClient> | null = null;

  async function open(): Promise<CcxtClient> {
    const client = await newClient(exchange, { options });
    if (client === null) throw new VenueError('empty', dropped, `ccxt has no ${exchange}`);
    client.number = String;
    client.timeout = NO_DEADLINE_MS;
    client.enableRateLimit = true;
    client.throttle = (cost = 1) => {
      const now = asking.getStore();
      // The rest of this call alone runs with it: each of several calls side by side has its own.
      if (now !== undefined) asking.enterWith({ ...now, units: Math.min(maxUnits, Math.max(1, Math.ceil(cost))) });
      return Promise.resolve();
    };
    client.milliseconds = () => asking.getStore()?.question.io.now ?? 0;
    client.fetchImplementation = request;
    return client;
  }

  async function request(text: string, { method, body }: { method: string; body?: string | undefined }): Promise<Response> {
    const now = asking.getStore();
    if (now === undefined) throw malformed(name, `ccxt asked ${text} beside a question`);
    const { question, units } = now;
    try {
      const answer = await question.io.request({ ...requestOf(text, method, body), cost: { units }, maxBytes: MAX_BYTES });
      // Read once before ccxt does: what is no JSON, or too much of it, ends here.
      parseJson(name, answer);
      return new Response(answer, { headers: { 'content-type': 'application/json' } });
    } catch (error) {
      question.failure ??= fromCcxt(name, error);
      throw error;
    }
  }

  function requestOf(text: string, method: string, body: string | undefined): Pick<VenueRequest, 'method' | 'path' | 'body' | 'origin'> {
    const url = new URL(text);
    if (method !== 'GET' && method !== 'POST') throw malformed(name, `ccxt asked by ${method}`);
    return {
      method,
      path: `${url.pathname}${url.search}`,
      ...(url.origin !== base && { origin: url.origin }),
      ...(body !== undefined && { body: parseJson(name, body) }),
    };
  }

  return {
    async ask(io, work) {
      opening ??= open();
      const client = await opening.catch((error: unknown) => {
        opening = null;
        throw error;
      });
      const question: Question = { io, failure: null };
      try {
        const answer = await asking.run({ question, units: 1 }, () => work(client));
        // Some of ccxt's calls go on without a part that failed: half an answer is none.
        if (question.failure === null) return answer;
      } catch (error) {
        throw question.failure ?? fromCcxt(name, error);
      }
      throw question.failure;
    },
  };
}
