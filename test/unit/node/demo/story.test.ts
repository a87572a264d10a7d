import { describe, expect, it } from 'vitest';
import { emaDivergence } from '#domain/divergence.ts';
import { PRESETS } from '#domain/presets.ts';
import { KIND_RUNNING } from '#domain/series.ts';
import type { Phase } from '#domain/rule.ts';
import { DEFAULT_PARAMS, Signal } from '#domain/signal.ts';
import { runningRate } from '#node/demo/funding.ts';
import { createModel, DAY, HOUR, NOW, VENUES, sure } from './support.ts';

const HOURS = 10 * 24;
const FROM = NOW - (NOW % HOUR) - HOURS * HOUR;
const assetsOf = (id: string): ReadonlySet<string> => new Set(PRESETS.find((preset) => preset.id === id)?.assets);

/** Signal states and entries at every close of ten days, over all contracts of some assets. */
function replay(seed: number, assets: ReadonlySet<string>) {
  const { contracts, process } = createModel(seed);
  const closes = Array.from({ length: HOURS }, () => ({ phases: new Set<Phase>(), sides: new Set<number>(), entries: 0 }));
  let largest = 0;
  for (const contract of VENUES.flatMap((venue) => contracts.of(venue, NOW)).filter((c) => assets.has(c.asset.name))) {
    const f = new Float64Array(HOURS);
    for (let i = 0; i < HOURS; i++) {
      const t = FROM + (i + 1) * HOUR - 10_000;
      f[i] = runningRate(process, contract, t) / contract.intervalAt(t);
    }
    const { d } = emaDivergence(f, DEFAULT_PARAMS.n);
    const signal = new Signal(DEFAULT_PARAMS);
    for (const [i, close] of closes.entries()) {
      if (signal.close(FROM + (i + 1) * HOUR, sure(d[i]), sure(f[i]), KIND_RUNNING, i) !== null) close.entries++;
      close.phases.add(signal.state.phase);
      close.sides.add(signal.state.side);
      if (!Number.isNaN(sure(d[i]))) largest = Math.max(largest, Math.abs(sure(d[i])));
    }
  }
  return { closes: closes.slice(DEFAULT_PARAMS.n + DEFAULT_PARAMS.k), largest };
}

describe.each([1, 2, 3])('the story of seed %i', (seed) => {
  const { closes } = replay(seed, assetsOf('ai'));
  const share = (phase: Phase) => closes.filter((close) => close.phases.has(phase)).length / closes.length;

  it('has an entry on some AI token within any 24 hours, by the default thresholds', () => {
    for (let i = 0; i + 24 <= closes.length; i++) {
      expect(closes.slice(i, i + 24).some((close) => close.entries > 0)).toBe(true);
    }
  });

  it('shows an active, a building and a fading signal often enough for a few minutes of watching', () => {
    expect(share('active')).toBeGreaterThan(0.6);
    expect(share('building')).toBeGreaterThan(0.6);
    expect(share('fading')).toBeGreaterThan(0.3);
  });

  it('has warm and cool ones', () => {
    for (const side of [1, -1]) expect(closes.filter((close) => close.sides.has(side)).length / closes.length).toBeGreaterThan(0.3);
  });

  it('keeps the majors quiet', () => {
    const majors = replay(seed, assetsOf('majors'));
    expect(majors.closes.every((close) => close.entries === 0 && close.phases.size === 1 && close.phases.has('quiet'))).toBe(true);
    expect(majors.largest).toBeLessThan(0.0001);
  });
});

describe('the outage of Bybit', () => {
  const { story } = createModel(1);
  const from = (t: number) => story.outage(t)?.from ?? null;

  it('begins within 20 hours of any moment, three hours of calm at the start included', () => {
    for (let start = NOW; start < NOW + 10 * DAY; start += 40 * 60_000) {
      let seen = false;
      for (let t = start + 3 * HOUR; t <= start + 20 * HOUR; t += 5 * 60_000) seen ||= (from(t) ?? 0) >= start + 3 * HOUR;
      expect(seen).toBe(true);
    }
  });

  it('ends within three hours, in three ways of failing one after the other', () => {
    const phases: string[] = [];
    const first = Array.from({ length: 300 }, (_, i) => NOW + i * 5 * 60_000).find(
      (t) => story.outage(t) === null && story.outage(t + 5 * 60_000) !== null,
    );
    expect(first).toBeDefined();
    const { from: begin, to } = sure(story.outage(sure(first) + 5 * 60_000));
    expect(to - begin).toBeGreaterThanOrEqual(2 * HOUR);
    expect(to - begin).toBeLessThanOrEqual(3 * HOUR);
    for (let t = begin; t < to; t += 60_000) {
      const phase = story.outage(t)?.phase ?? 'up';
      if (phases.at(-1) !== phase) phases.push(phase);
    }
    expect(phases).toEqual(['page', 'reset', 'silent']);
    expect(story.outage(to)).toBeNull();
  });
});
