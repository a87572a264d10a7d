/** When a position that an event opened is closed. Horizons in hours. */
export type ExitRule = { readonly on: 'horizon'; readonly hours: number } | { readonly on: 'settlement' } | { readonly on: 'signal-end' };

/** How events become trades (domain 4.3). The same for every instrument of a study. */
export interface TradeTerms {
  /** 'entries': what an alert would have told, one position of an instrument at a time. 'every': each period in which the condition holds; holds overlap. */
  readonly events: 'entries' | 'every';
  /** Against the crowd (a positive signal is sold) or with it. */
  readonly side: 'against' | 'with';
  readonly exit: ExitRule;
  /** Hours after the close that follows the signal: delay 0 on hourly data is the close of t + 1 h. */
  readonly delayH: number;
  /** One way, per fill, in bp of the entry's notional: fee, slippage and half the spread together. */
  readonly costBp: number;
  /** 'next': settlements in (entry, exit]. 'own': from the settlement that made the signal on, which no person could have had. */
  readonly funding: 'next' | 'own' | 'none';
}

export interface StudyTerms extends TradeTerms {
  readonly seed: number;
  /** Draws of the bootstrap, and shifts of the placebo. */
  readonly draws: number;
  readonly shifts: number;
  /** How often the rule was edited before: every edit counts as a try. At least 1. */
  readonly tries: number;
  readonly size: 'fixed' | 'compounded';
  /** Money at the start, and notional of a position per unit of it. */
  readonly capital: number;
  readonly exposure: number;
}

export const DRAWS = 2000;
export const SHIFTS = 1000;
/** Below it no interval and no hit rate are told (domain 4.3): events that do not overlap, or weeks of a list. */
export const LEAST = 30;
