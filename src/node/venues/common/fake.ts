import { HOUR_MS } from '#domain/time.ts';

/** What a venue's fake is served on: paths in, answers out (a string or bytes as they are, undefined as 404, anything else as JSON). For tests. */
export interface FakeServer {
  route(method: 'GET' | 'POST', path: string, answer: (request: FakeRequest) => unknown): void;
}
export interface FakeRequest {
  readonly query: URLSearchParams;
  /** Parsed JSON body, or null. */
  readonly body: unknown;
}

interface FakeSettlement {
  readonly stamp: number;
  readonly rate: string;
  readonly mark?: string;
}

/** Settlements by symbol, oldest first. */
export type FakeHistory = Readonly<Record<string, readonly FakeSettlement[]>>;

export const numberOf = (request: FakeRequest, name: string): number | null => {
  const text = request.query.get(name);
  return text === null ? null : Number(text);
};

export const within = (rows: readonly FakeSettlement[] | undefined, start: number, end: number) =>
  (rows ?? []).filter(({ stamp }) => stamp >= start && stamp <= end);

/** A price that tells its kind and hour, so that a test sees a mix-up. */
export const fakePrice = (kind: 'mark' | 'index' | 'last', close: number): number =>
  close / HOUR_MS + { mark: 0.25, index: 0.5, last: 0.75 }[kind];

export const opens = (start: number, end: number, limit: number, newest: boolean): number[] => {
  const all: number[] = [];
  for (let open = Math.ceil(start / HOUR_MS) * HOUR_MS; open <= end; open += HOUR_MS) all.push(open);
  return newest ? all.slice(-limit) : all.slice(0, limit);
};
