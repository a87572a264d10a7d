export type {
  AlertManners,
  AlertRule,
  AlertTelling,
  BackupsKept,
  HistoryLimits,
  PersonFacts,
  Preferences,
  Settings,
  SignalParams,
  VenueSettings,
  Watchlist,
} from '#bridge/settings.ts';
