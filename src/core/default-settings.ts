import { PRESETS } from '#domain/presets.ts';
import type { VenueId } from '#domain/instrument.ts';
import { DEFAULT_PARAMS } from '#domain/signal.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import type { Settings, VenueSettings } from './settings.ts';

export const defaultVenueSettings: VenueSettings = { enabled: true, url: null, pollSeconds: 30 };

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
export function defaultSettings(venueIds: readonly VenueId[]): Settings {
  const lists = PRESETS.map(({ id, name, assets }) => ({ id, name, assets: [...assets], seeded: [], items: [] }));
  return {
    lists,
    activeList: lists[0]?.id ?? '',
    selected: null,
    unit: '8h',
    zone: 'utc',
    theme: 'dark',
    density: 'normal',
    range: '7d',
    notify: true,
    thresholds: { ...DEFAULT_PARAMS },
    ownThresholds: {},
    venues: Object.fromEntries(venueIds.map((id) => [id, { ...defaultVenueSettings }])),
    window: null,
    limits: { ageDays: null, megabytes: null },
    columns: [],
    pane: null,
    calculators: { ...defaultCalculators },
    alerts: [],
  };
}
