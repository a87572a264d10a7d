import type { TellingTerms } from '#domain/telling.ts';
import type { AlertManners, AlertRule, AlertTelling } from '../../settings.ts';

/** Of a rule that says nothing of it: every entry is told, as before there was a choice. */
export const USUAL_TELLING: AlertTelling = {
  severity: 'warning',
  repeat: 'entry',
  expiresAt: null,
  snoozedUntil: null,
  cooldownMin: null,
  quiet: 'usual',
  nearSettlementMin: null,
  noDataH: null,
};

export const tellingOf = ({ tells }: Pick<AlertRule, 'tells'>): AlertTelling => tells ?? USUAL_TELLING;

/** With what the person has set for all rules. */
export function termsOf(rule: Pick<AlertRule, 'tells'>, { cooldownMin, quiet }: AlertManners): TellingTerms {
  const own = tellingOf(rule);
  return {
    repeat: own.repeat,
    expiresAt: own.expiresAt,
    snoozedUntil: own.snoozedUntil,
    cooldownMin: own.cooldownMin ?? cooldownMin[own.severity],
    quiet: own.quiet === 'usual' ? quiet : own.quiet === 'none' ? null : own.quiet,
    nearSettlementMin: own.nearSettlementMin,
  };
}
