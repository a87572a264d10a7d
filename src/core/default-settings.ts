import { PRESETS } from '#domain/presets.ts';
import { DEFAULT_PARAMS } from '#domain/signal.ts';
import type { ProxyChoice } from '#bridge/proxy.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import type { Settings, VenueSettings } from './settings.ts';
import type { VenueProfile } from './venue.ts';

export type KnownVenue = Pick<VenueProfile, 'id' | 'onByDefault'>;

/** More venues than a screen can show side by side: the rest is a click away. */
const MOST_ON = 7;

/** Of a venue that settings do not name: it is newer than they are, and waits to be switched on. */
export const newVenueSettings: VenueSettings = { enabled: false, url: null, pollSeconds: 30 };

/** How the requests of a venue leave this machine: its own word, else that for all. */
export const proxyOf = ({ proxy, venues }: Pick<Settings, 'proxy' | 'venues'>, venue: string): ProxyChoice => venues[venue]?.proxy ?? proxy;

/** What a new user has of each venue. */
function defaultVenues(venues: readonly KnownVenue[]): Settings['venues'] {
  const on = venues.filter(({ onByDefault }) => onByDefault).slice(0, MOST_ON);
  return Object.fromEntries(venues.map((venue) => [venue.id, { ...newVenueSettings, enabled: on.includes(venue) }]));
}

const defaultCalculators: CalculatorSettings = {
  equity: '10000',
  risk: '1',
  leverage: '5',
  leverageCap: '',
  margin: 'isolated',
  slipBps: '2',
  fillIn: 'taker',
  fillOut: 'taker',
  holdH: '24',
  volatilityTarget: '3',
  borrowApr: '5',
  feeTiers: {},
};

/** What a new user gets: the preset lists, still empty; venues fill them as they answer. */
export function defaultSettings(known: readonly KnownVenue[]): Settings {
  const lists = PRESETS.map(({ id, name, assets }) => ({ id, name, assets: [...assets], seeded: [], items: [] }));
  return {
    lists,
    unit: '8h',
    zone: 'utc',
    theme: 'dark',
    colours: 'standard',
    density: 'normal',
    numberFormat: 'system',
    notify: true,
    introduced: false,
    updates: false,
    alertManners: { cooldownMin: { info: 60, warning: 0, critical: 0 }, quiet: null },
    webhook: null,
    thresholds: { ...DEFAULT_PARAMS },
    ownThresholds: {},
    venues: defaultVenues(known),
    proxy: 'system',
    limits: { ageDays: null, megabytes: null },
    backups: { days: 3, weeks: 2, months: 3 },
    calculators: { ...defaultCalculators },
    otherBlocks: {},
    alerts: [],
  };
}
