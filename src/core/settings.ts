export type { AlertRule, Settings, SignalParams, VenueSettings, Watchlist } from '#bridge/settings.ts';
