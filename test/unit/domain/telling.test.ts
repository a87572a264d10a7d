import { describe, expect, test } from 'vitest';
import { heldBack, isQuiet, isZone, minuteOfDay, type TellingFacts, type TellingTerms, toSettlement } from '#domain/telling.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const utc = (text: string): number => Date.parse(`${text}Z`);
const NOW = utc('2026-06-10T12:00');

const terms: TellingTerms = { repeat: 'entry', expiresAt: null, snoozedUntil: null, cooldownMin: 0, quiet: null, nearSettlementMin: null };
const facts: TellingFacts = { now: NOW, toldAt: null, toldAnywhereAt: null, settlementMs: null };
const held = (change: Partial<TellingTerms>, known: Partial<TellingFacts> = {}) =>
  heldBack({ ...terms, ...change }, { ...facts, ...known });

test('a rule without terms tells every entry', () => {
  expect(held({}, { toldAt: NOW - 1, toldAnywhereAt: NOW - 1 })).toBeNull();
});

test('each term holds back by its own name, up to its very end', () => {
  expect([held({ expiresAt: NOW }), held({ expiresAt: NOW - 1 })]).toEqual([null, 'expired']);
  expect([held({ snoozedUntil: NOW + 1 }), held({ snoozedUntil: NOW })]).toEqual(['snoozed', null]);
  expect([held({ repeat: 'once' }), held({ repeat: 'once' }, { toldAnywhereAt: NOW - 99 * HOUR })]).toEqual([null, 'told-once']);
  const cooling = { cooldownMin: 30 };
  expect(held(cooling, { toldAt: NOW - 30 * MINUTE + 1 })).toBe('cooldown');
  expect(held(cooling, { toldAt: NOW - 30 * MINUTE })).toBeNull();
  expect(held(cooling, { toldAnywhereAt: NOW - MINUTE })).toBeNull();
});

test('near a settlement is before and behind it, and never where none is known', () => {
  const near = { nearSettlementMin: 15 };
  expect(held(near, { settlementMs: 15 * MINUTE })).toBeNull();
  expect(held(near, { settlementMs: 15 * MINUTE + 1 })).toBe('away-from-settlement');
  expect(held(near, { settlementMs: null })).toBe('away-from-settlement');
  const next = utc('2026-06-10T16:00');
  expect(toSettlement(NOW, next, 8)).toBe(4 * HOUR);
  expect(toSettlement(next - MINUTE, next, 8)).toBe(MINUTE);
  expect(toSettlement(next + MINUTE, next, 8)).toBe(MINUTE);
  expect(toSettlement(next - 9 * HOUR, next, 8)).toBe(HOUR);
  expect([toSettlement(NOW, null, 8), toSettlement(NOW, next, null), toSettlement(NOW, next, 0)]).toEqual([null, null, null]);
});

describe('quiet hours go by the clocks of their zone', () => {
  const night = { from: 22 * 60, to: 7 * 60, zone: 'Europe/Berlin' };
  // Germany set its clocks on 2026-03-29, 02:00 to 03:00, and on 2026-10-25, 03:00 back to 02:00.
  test.each([
    ['2026-03-28T20:59', false],
    ['2026-03-28T21:00', true],
    ['2026-03-29T04:59', true],
    ['2026-03-29T05:00', false],
    ['2026-03-29T19:59', false],
    ['2026-03-29T20:00', true],
    ['2026-10-24T20:00', true],
    ['2026-10-25T05:59', true],
    ['2026-10-25T06:00', false],
    ['2026-10-25T20:59', false],
    ['2026-10-25T21:00', true],
  ])('%s UTC: %s', (at, quiet) => {
    expect(isQuiet(utc(at), night)).toBe(quiet);
  });
  test('within a day, and never where both ends are one', () => {
    const noon = { from: 12 * 60, to: 13 * 60, zone: 'UTC' };
    expect(['11:59', '12:00', '12:59', '13:00'].map((at) => isQuiet(utc(`2026-06-10T${at}`), noon))).toEqual([false, true, true, false]);
    expect(isQuiet(NOW, { from: 720, to: 720, zone: 'UTC' })).toBe(false);
    expect(held({ quiet: noon })).toBe('quiet-hours');
  });
  test('midnight is minute 0, and half-hour zones are what they are', () => {
    expect(minuteOfDay(utc('2026-06-10T00:00'), 'UTC')).toBe(0);
    expect(minuteOfDay(utc('2026-06-10T00:00'), 'Asia/Kolkata')).toBe(330);
    expect([isZone('Asia/Kolkata'), isZone('Mars/Olympus')]).toEqual([true, false]);
  });
});
