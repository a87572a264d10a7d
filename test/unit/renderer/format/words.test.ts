import { describe, expect, it } from 'vitest';
import { venueBar } from '#renderer/features/venues/bar.ts';
import { lampOf } from '#renderer/features/venues/lamp.ts';
import { factsOf, stateWords } from '#renderer/features/venues/venue-facts.ts';
import type { VenueHealth } from '#bridge/contract.ts';
import {
  leanMark,
  leanOf,
  leanText,
  leanTone,
  payText,
  reasonOf,
  rowText,
  signalSentence,
  signalText,
  venueSentence,
  venueText,
} from '#renderer/format/words.ts';
import { rowOf } from '../row.ts';

const T = Date.UTC(2026, 10, 21, 5, 0, 0);

describe('who pays', () => {
  it('says it in the words of the trade', () => {
    expect(payText(0.000_015, 8, '8h')).toBe('longs pay 0.0120 % per 8h');
    expect(payText(-0.000_03, 4, 'interval')).toBe('shorts pay 0.0120 % per 4h');
    expect(payText(0, 8, '8h')).toBe('no payment per 8h');
    expect(payText(null, 8, '8h')).toBeNull();
    expect(payText(0.0001, null, 'interval')).toBeNull();
  });
});

describe('signals', () => {
  const active = rowOf({
    neutralPerHour: 0.000_012_5,
    signal: { phase: 'active', side: 1, periods: 3, enteredAt: T - 38 * 60_000, observations: 1, running: 0, crowded: true },
  });

  it('names state, side and basis', () => {
    expect(signalText(active.signal, 3, T)).toBe('active 38m');
    expect(leanText(active)).toBe('longs crowded, short bias');
    expect(signalSentence(active, 'utc', '8h')).toContain('the entry rests on one settlement');
    expect(signalSentence({ ...active, signal: { ...active.signal, phase: 'quiet' } }, 'utc', '8h')).toContain(
      'the band of 0.4000 % per 8h',
    );
    expect(signalText({ ...active.signal, phase: 'building', periods: 2 }, 3, T)).toBe('building 2/3');
  });

  it('says neither crowded nor easing where the resting rate is not known', () => {
    expect(leanText({ ...active, neutralPerHour: null })).toBe('short bias');
  });

  it('a crowd that eases is another mark and another word than a crowd', () => {
    const marks = (d: number, f: number): string => {
      const lean = leanOf(d, f, 0.000_012_5);
      return lean === null ? '' : `${leanMark(lean)} ${leanTone(3 * lean.side, lean)}`;
    };
    // Longs still pay 0.16 %/8h and D has fallen: longs ease, no short is crowded.
    expect(marks(-0.0008, 0.0002)).toBe('\u25BD -1');
    expect(marks(-0.0008, -0.0002)).toBe('\u25BC -3');
    expect(marks(0.0008, 0.0009)).toBe('\u25B2 3');
    expect(marks(0.0008, -0.0002)).toBe('\u25B3 1');
    expect(leanOf(0, 0, 0)).toBeNull();
    // Where the rate rests is not known: nothing is called easing.
    expect(leanOf(-0.0008, 0.0002, null)).toEqual({ side: -1, easing: false });
    expect(rowText({ ...active, signal: { ...active.signal, side: -1, crowded: false } }, T)).toBe('easing 38m');
    expect(rowText(active, T)).toBe('active 38m');
  });

  it('calls easing what is beyond the band but not beyond neutral', () => {
    expect(leanText({ ...active, signal: { ...active.signal, side: -1, crowded: false } })).toBe('longs easing, long bias');
  });

  it('gives the reason for a missing value', () => {
    expect(reasonOf(rowOf({ why: 'warming-up', warmHours: 5 }))).toBe('warming up: 5 of 12 closed hours');
    expect(reasonOf(rowOf({ status: 'unlisted', why: null }))).toBe('the venue no longer lists this instrument');
  });
});

describe('venues', () => {
  const health: VenueHealth = {
    id: 'okx',
    name: 'OKX',
    ownUrl: 'https://okx.example',
    givenUrl: null,
    state: 'limited',
    okAt: T - 20_000,
    latencyMs: 640,
    error: 'OKX asks us to slow down.',
    nextTryAt: T + 20_000,
    pollMs: 30_000,
    instruments: 12,
    refused: 2,
    refusals: [],
    missing: 0,
    clockOffsetMs: 3,
    aheadMs: 0,
    backfilling: 0,
    filling: [],
    unserved: 0,
    holes: [],
  };

  it('of a back-fill that was cancelled it is not said that all is there', () => {
    const said = (one: VenueHealth) => factsOf(one, { unverified: [] }, T, 'utc').map(([, figure]) => figure);
    expect(said(health)).toContain('all that it serves');
    expect(said({ ...health, cancelled: true })).not.toContain('all that it serves');
    expect(said({ ...health, cancelled: true })).toContain('of the newest weeks, and what was fetched before it was cancelled');
  });

  it('what is missing of the history is listed, and nothing where nothing is', () => {
    const missing = (holes: VenueHealth['holes']) =>
      factsOf({ ...health, holes }, { unverified: [] }, T, 'utc').find(([term]) => term === 'Missing of it')?.[1] ?? null;
    const hole = { symbol: 'BTCUSDT', kind: 'settled', from: Date.UTC(2026, 7, 1, 8), to: Date.UTC(2026, 7, 1, 16) } as const;
    expect(missing([])).toBeNull();
    const told = missing([hole, { symbol: 'ETHUSDT', kind: 'price', from: null, to: Date.UTC(2026, 6, 1) }]) ?? '';
    expect(told).toMatch(/^BTCUSDT: settlements from .*08:00 UTC to .*16:00 UTC; ETHUSDT: prices up to .*00:00 UTC$/u);
    expect(missing(Array.from({ length: 8 }, () => hole))).toMatch(/; and 3 more$/u);
  });

  it('what was written after its documentation alone is said to be unverified, and nothing where all was tried', () => {
    const said = (unverified: readonly string[]) =>
      factsOf(health, { unverified }, T, 'utc').find(([term]) => term === 'Unverified')?.[1] ?? null;
    expect(said([])).toBeNull();
    expect(said(['candles', 'order book'])).toBe('candles, order book: read by its documentation, not tried on a recorded answer');
  });

  it('of values that were refused it is said which and why', () => {
    const said = (refusals: VenueHealth['refusals']) =>
      factsOf({ ...health, refusals }, { unverified: [] }, T, 'utc').find(([term]) => term === 'Refused lately')?.[1] ?? null;
    const rate = { symbol: 'BTCUSDT', reason: 'rate 0.9 is more than 10 % an hour' };
    expect(said([])).toBeNull();
    expect(said([rate, { symbol: 'ETHUSD', reason: 'a quanto contract' }])).toBe(
      'BTCUSDT: rate 0.9 is more than 10 % an hour; ETHUSD: a quanto contract',
    );
    expect(said(Array.from({ length: 6 }, () => rate))).toMatch(/; and others$/u);
  });

  it('one that lacks something beside its rates is named in the bar, with a lamp and words of its own', () => {
    const partial: VenueHealth = { ...health, state: 'partial', error: 'OKX tells its rates, but not all that goes with them: …' };
    expect(venueBar([partial]).named).toEqual([partial]);
    expect(lampOf(partial, 'up')).toEqual({ kind: 'fault', glyph: '!' });
    expect(stateWords(partial)).toBe('Partial: its rates come in time, but not all that goes with them.');
    expect(venueSentence(partial, T, 'utc')).toContain('OKX: partial · OKX tells its rates, but not all that goes with them');
  });

  it('are told in a few words and in all of them', () => {
    expect(venueText(health, T)).toBe('limited, retry in 20 s');
    expect(venueText({ ...health, state: 'healthy' }, T)).toBe('0.6 s');
    expect(venueText({ ...health, state: 'healthy', latencyMs: 4.2 }, T)).toBe('4 ms');
    expect(venueText({ ...health, state: 'partial' }, T)).toBe('partial');
    const sentence = venueSentence(health, T, 'utc');
    for (const part of ['OKX asks us to slow down.', 'last good answer 04:59:40 UTC', 'next try in 00:00:20', '2 values refused']) {
      expect(sentence).toContain(part);
    }
  });
});
