export type { AlertRule, HistoryLimits, Settings, SignalParams, VenueSettings, Watchlist } from '#bridge/settings.ts';
