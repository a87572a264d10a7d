import Globe from '@lucide/svelte/icons/globe';
import type { Command, Panel } from '../../panels/panel.ts';
import VenuesDialog from './VenuesDialog.svelte';

/** Of the register of panels; its pages are venues. */
export const VENUES = 'venues';

export const venues: Panel = {
  id: VENUES,
  title: 'Venues',
  says: 'state, address, poll interval, on or off',
  icon: Globe,
  component: VenuesDialog,
  place: 'dialog',
  minSize: { width: 760, height: 400 },
  commands: (host) =>
    host.app.health.flatMap(({ id, name }): Command[] => [
      { id: `venue-${id}`, title: `Venue: ${name}`, run: () => void host.open(VENUES, { page: id }) },
      { id: `retry-${id}`, title: `Ask ${name} again now`, run: () => void host.app.retryVenue(id) },
    ]),
};
