export type { Settings, SignalParams, VenueSettings, Watchlist } from '#bridge/settings.ts';
