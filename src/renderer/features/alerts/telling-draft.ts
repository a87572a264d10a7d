import type { AlertTelling } from '#bridge/settings.ts';
import type { QuietHours, Severity } from '#domain/telling.ts';
import { readTime, timeWritten } from '#domain/typed-time.ts';
import type { Zone } from '../../format/time.ts';
import { timeZoneOf } from '../../format/zone-time.ts';
import { readTyped } from '../../format/typed.ts';

/** When an alert tells, as it is being typed: empty where there is no such limit. */
export interface TellingDraft {
  readonly severity: Severity;
  readonly repeat: 'entry' | 'once' | 'hours';
  readonly everyH: string;
  readonly quiet: 'usual' | 'none' | 'own';
  readonly from: string;
  readonly to: string;
  readonly cooldown: string;
  readonly near: string;
  /** As times are typed everywhere: UTC where it says no zone. */
  readonly expires: string;
  readonly noData: string;
}

export const newTelling: TellingDraft = {
  severity: 'warning',
  repeat: 'entry',
  everyH: '8',
  quiet: 'usual',
  from: '22:00',
  to: '07:00',
  cooldown: '',
  near: '',
  expires: '',
  noData: '',
};

/** The IANA name of what the person reads times in: quiet hours go by its clocks wherever Perpscope runs. */
export const ianaOf = (zone: Zone): string => timeZoneOf(zone) ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;

const two = (value: number): string => String(value).padStart(2, '0');
export const clockText = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
/** Of "22:00"; null: it is no time of day. */
export function readClock(text: string): number | null {
  const [hours = NaN, minutes = NaN, ...rest] = text.split(':').map((part) => (part === '' ? NaN : Number(part)));
  const fits = rest.length === 0 && hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
  return fits && Number.isInteger(hours) && Number.isInteger(minutes) ? hours * 60 + minutes : null;
}

const numberText = (value: number | null): string => (value === null ? '' : String(value));

export function tellingDraft(tells: AlertTelling | undefined): TellingDraft {
  if (tells === undefined) return newTelling;
  const { severity, repeat, quiet, cooldownMin, nearSettlementMin, expiresAt, noDataH } = tells;
  return {
    ...newTelling,
    severity,
    repeat: typeof repeat === 'object' ? 'hours' : repeat,
    ...(typeof repeat === 'object' && { everyH: String(repeat.everyH) }),
    quiet: typeof quiet === 'object' ? 'own' : quiet,
    ...(typeof quiet === 'object' && { from: clockText(quiet.from), to: clockText(quiet.to) }),
    cooldown: numberText(cooldownMin),
    near: numberText(nearSettlementMin),
    expires: expiresAt === null ? '' : timeWritten(expiresAt),
    noData: numberText(noDataH),
  };
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: keyof TellingDraft; readonly why: string };

/** `before`: the terms of the rule that is edited, whose snooze goes on and whose own hours keep their zone. */
export function readTelling(draft: TellingDraft, zone: Zone, before: AlertTelling | undefined): Read<AlertTelling> {
  const wrong: { readonly field: keyof TellingDraft; readonly why: string }[] = [];
  const whole = (field: 'everyH' | 'cooldown' | 'near' | 'noData', min: number, max: number): number | null => {
    if (draft[field].trim() === '') return null;
    const read = readTyped(draft[field], { min, max, whole: true, right: `Enter a whole number from ${min} to ${max}.` });
    if (read.ok) return read.value;
    wrong.push({ field, why: read.why });
    return null;
  };
  const everyH = draft.repeat === 'hours' ? whole('everyH', 1, 720) : null;
  if (draft.repeat === 'hours' && everyH === null && wrong.length === 0)
    wrong.push({ field: 'everyH', why: 'Missing. Enter a whole number from 1 to 720.' });
  const [from, to] = [readClock(draft.from), readClock(draft.to)];
  if (draft.quiet === 'own' && (from === null || to === null || from === to))
    wrong.push({ field: from === null ? 'from' : 'to', why: 'Enter two times of the day that differ, such as 22:00 and 07:00.' });
  const until = draft.expires.trim() === '' ? null : readTime(draft.expires, { zone: 'UTC' });
  if (typeof until === 'object' && until !== null)
    wrong.push({ field: 'expires', why: `${until.wrong} ${until.right || 'Enter a time such as 2026-01-31 08:00, or leave it empty.'}` });
  const value: AlertTelling = {
    severity: draft.severity,
    repeat: draft.repeat === 'hours' ? { everyH: everyH ?? 1 } : draft.repeat,
    expiresAt: typeof until === 'number' ? until : null,
    snoozedUntil: before?.snoozedUntil ?? null,
    cooldownMin: whole('cooldown', 0, 43_200),
    quiet: draft.quiet === 'own' ? ownHours(from ?? 0, to ?? 0, zone, before) : draft.quiet,
    nearSettlementMin: whole('near', 1, 720),
    noDataH: whole('noData', 1, 720),
  };
  const [first] = wrong;
  return first === undefined ? { ok: true, value } : { ok: false, ...first };
}

function ownHours(from: number, to: number, zone: Zone, before: AlertTelling | undefined): QuietHours {
  const own = typeof before?.quiet === 'object' ? before.quiet : null;
  return { from, to, zone: own?.from === from && own.to === to ? own.zone : ianaOf(zone) };
}
