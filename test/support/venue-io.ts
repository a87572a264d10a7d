import type { Venue, VenueFiles, VenueIo } from '#core/venue.ts';
import { createHost } from '#core/collect/host.ts';
import { createVenueLink } from '#core/collect/venue-link.ts';
import { newCanceller } from '#node/canceller.ts';
import { createClock } from '#node/clock.ts';
import { createHttp } from '#node/http.ts';

/** The real way from a venue's code to a server: HTTP port, status check, rate budget; only the time is given. */
export function ioOf(venue: Pick<Venue, 'name' | 'url' | 'host'>, url: string, now: () => number): VenueIo {
  const clock = createClock({ speed: 1, startAt: null });
  const link = createVenueLink({
    venue,
    host: createHost(venue.host, { clock, random: () => 0.5 }),
    http: createHttp('loopback'),
    givenUrl: () => url,
    proxy: () => 'off',
    isOn: () => true,
    now,
    onBan: () => undefined,
  });
  return link.io('poll', newCanceller().signal);
}

/** The same to its public files. */
export const filesIoOf = (files: VenueFiles, url: string, now: () => number): VenueIo => ioOf(files, url, now);
