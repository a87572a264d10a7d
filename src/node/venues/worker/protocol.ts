import { toVenueError } from '#core/collect/classify.ts';
import type { VenueId } from '#domain/instrument.ts';
import type { VenueReader, VenueRequest } from '#core/venue.ts';
import { VenueError, type VenueFailure } from '#core/venue-error.ts';

export interface WorkerStart {
  /** It serves the venues whose `readerOf` this is. */
  readonly reader: string;
}

/** Which kind of worker runs the code of a venue: those that all exchanges share, or the one of a package. */
export const readerOf = ({ reader }: { readonly reader?: VenueReader | undefined }): string => reader?.id ?? 'shared';

/** Methods of a venue that answer once, and those that answer page by page. */
export type CallMethod = 'poll' | 'oldest' | 'orderRules' | 'book' | 'openInterest';
export type WalkMethod = 'settled' | 'prices' | 'files';

export interface PlainVenueError {
  readonly kind: VenueFailure;
  readonly user: string;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/**
 * To the worker. `id` is one question of the app's; a walk has a number of its own over all its pages. `now` goes along with
 * each, for the clock lives on this side. After each comes a ping: its pong says that the worker is through with what it got.
 */
export type ToWorker =
  | {
      readonly type: 'call';
      readonly id: number;
      readonly venue: VenueId;
      readonly method: CallMethod;
      /** Of a poll the parts that it is to ask for, else the symbol. */
      readonly args: readonly string[];
      /** Of a poll. */
      readonly watched: readonly string[];
      readonly now: number;
    }
  | {
      readonly type: 'walk';
      readonly walk: number;
      readonly venue: VenueId;
      readonly method: WalkMethod;
      readonly args: readonly [symbol: string, from: number, to: number];
      readonly now: number;
    }
  | { readonly type: 'next'; readonly id: number; readonly venue: VenueId; readonly walk: number; readonly now: number }
  | { readonly type: 'end'; readonly walk: number }
  | { readonly type: 'body'; readonly request: number; readonly body: string; readonly now: number }
  | { readonly type: 'failure'; readonly request: number; readonly error: PlainVenueError; readonly now: number }
  | { readonly type: 'ping' };

/** From the worker. `request` asks the venue through the app: its budget and its deadline. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'request'; readonly id: number; readonly request: number; readonly asked: VenueRequest }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly error: PlainVenueError }
  | { readonly type: 'pong' };

export function toPlain(name: string, error: unknown): PlainVenueError {
  const { kind, user, message, retryAfterMs } = toVenueError(name, error);
  return { kind, user, message, retryAfterMs };
}

export const fromPlain = ({ kind, user, message, retryAfterMs }: PlainVenueError): VenueError =>
  new VenueError(kind, user, message, retryAfterMs);
