import Globe from '@lucide/svelte/icons/globe';
import type { Command, Panel } from '../../panels/panel.ts';
import { outCommands } from '../exports/out.ts';
import { venueTable } from '../exports/upkeep-tables.ts';
import VenuesDialog from './VenuesDialog.svelte';

/** Of the register of panels; its pages are venues. */
export const VENUES = 'venues';

export const venues: Panel = {
  id: VENUES,
  title: 'Venues',
  says: 'state, address, poll interval, on or off',
  ofNow: 'How a venue stood is of then. Its address, proxy and switch are those of today, and what is asked here is asked now.',
  icon: Globe,
  component: VenuesDialog,
  place: 'dialog',
  minSize: { width: 760, height: 400 },
  commands: (host) => [
    ...host.app.health.flatMap(({ id, name }): Command[] => [
      { id: `venue-${id}`, title: `Venue: ${name}`, run: () => void host.open(VENUES, { page: id }) },
      { id: `retry-${id}`, title: `Ask ${name} again now`, run: () => void host.app.retryVenue(id) },
    ]),
    ...outCommands(host, 'venues', 'Venues', () => venueTable(host.app.health)),
  ],
};
