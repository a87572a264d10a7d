export type {
  AlertRule,
  HistoryLimits,
  PersonFacts,
  Preferences,
  Settings,
  SignalParams,
  VenueSettings,
  Watchlist,
} from '#bridge/settings.ts';
