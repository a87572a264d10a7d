export type {
  AlertRule,
  BackupsKept,
  HistoryLimits,
  PersonFacts,
  Preferences,
  Settings,
  SignalParams,
  VenueSettings,
  Watchlist,
} from '#bridge/settings.ts';
