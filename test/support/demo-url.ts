import type { VenueId } from '#domain/instrument.ts';
import type { DemoMarket } from '#node/demo/market.ts';

/** Where the demo market serves the venue. */
export function demoUrl({ urls }: DemoMarket, venue: VenueId): string {
  const url = urls[venue];
  if (url === undefined) throw new Error(`the demo has no ${venue}`);
  return url;
}
