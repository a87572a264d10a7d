import { describe, expect, it } from 'vitest';
import type { VenuePoll, Venue } from '#core/venue.ts';
import { accruesContinuously, restingRate, theoreticalRate } from '#domain/metrics/venue-terms.ts';
import { settlements } from '#node/demo/funding.ts';
import { formulaOf } from '#test/support/formulas.ts';
import { instrumentOf } from '#test/support/made-year.ts';
import { createVenues } from '#node/venues/index.ts';
import type { VenueId } from '#domain/instrument.ts';
import { createIo, createModel, DAY, HOUR, mainContract, NOW, VENUES, sure } from './support.ts';

const SEED = 1;
const { contracts, process } = createModel(SEED);
const venueOf = (id: VenueId): Venue => {
  const venue = createVenues().find((one) => one.id === id);
  if (!venue) throw new Error(`no venue ${id}`);
  return venue;
};
const liveOf = (id: VenueId) => contracts.of(id, NOW).filter((contract) => contract.delistedAt > NOW);

describe.each(VENUES)('the app reads the demo %s as it reads the venue', (id) => {
  it('takes every row of a poll, with the interval, prices and next settlement of its contract', async () => {
    const poll: VenuePoll = await venueOf(id).poll(createIo(SEED, id));
    expect(poll.refused).toEqual([]);
    expect(poll.snapshots.map((row) => row.symbol).sort()).toEqual(
      liveOf(id)
        .map((contract) => contract.symbol)
        .sort(),
    );
    // What a venue states, it states of every row: its interval, and its mark where it values positions at one.
    const [hasInterval, hasMark] = (['intervalH', 'mark'] as const).map((field) => poll.snapshots.some((row) => row[field] !== null));
    for (const contract of liveOf(id)) {
      const snapshot = sure(poll.snapshots.find((row) => row.symbol === contract.symbol));
      const instrument = sure(poll.instruments.find((row) => row.symbol === contract.symbol));
      expect(instrument).toMatchObject({ asset: contract.asset.name, multiplier: contract.asset.multiplier, settle: contract.settle });
      expect(instrument.contract).toBe(contract.contract ?? 'linear');
      // In units of the price, whatever the venue counts it in; some ask for it beside the poll.
      if (snapshot.openInterest !== null) expect(snapshot.openInterest / process.openInterest(contract, NOW)).toBeCloseTo(1, 2);
      // Where it accrues all the time, the demo settles the clock hour, and the venue quotes for 8 h.
      if (hasInterval === true) expect(snapshot.intervalH).toBe(accruesContinuously(formulaOf(id)) ? 8 : contract.intervalAt(NOW));
      if (accruesContinuously(formulaOf(id))) expect(snapshot.nextFundingAt).toBeNull();
      else expect(snapshot.nextFundingAt).toBeGreaterThan(NOW);
      if (hasMark !== true) expect(snapshot.index).toBeCloseTo(process.index(contract, NOW), 3);
      else expect(sure(snapshot.mark) / sure(snapshot.index) - 1).toBeCloseTo(process.premium(contract, NOW), 3);
    }
  });

  it('rests where the interest of its polls says, whatever the interval', async () => {
    const poll: VenuePoll = await venueOf(id).poll(createIo(SEED, id));
    const hours = new Set<number>();
    for (const contract of liveOf(id).filter((c) => c.asset.group === 'major' || c.asset.group === 'ai')) {
      const snapshot = sure(poll.snapshots.find((row) => row.symbol === contract.symbol));
      const terms = { ...instrumentOf(id, contract.symbol), interestPer8h: snapshot.interestPer8h };
      const rates = [...settlements(process, contract, NOW - 20 * DAY, NOW, NOW)].map(({ rate }) => rate);
      const resting = restingRate(terms, contract.intervalAt(NOW), NOW);
      hours.add(contract.intervalAt(NOW));
      // Of a venue without an interest there is no such place, and its poll must state none.
      if (resting === null) {
        expect(formulaOf(id)?.terms.map(({ interestPer8h }) => interestPer8h)).toEqual([null]);
        continue;
      }
      const share = rates.filter((rate) => Math.abs(rate - resting) <= 5e-9).length / rates.length;
      expect(share, `${contract.symbol} at ${resting}`).toBeGreaterThan(0.1);
    }
    // Of more than one where the venue has more.
    const ofAll = new Set(liveOf(id).map((contract) => contract.intervalAt(NOW)));
    expect(hours.size).toBeGreaterThanOrEqual(Math.min(2, ofAll.size));
  });

  it('reads 90 days of settlements of every third contract, proven without a hole', async () => {
    const venue = venueOf(id);
    const io = createIo(SEED, id);
    const from = NOW - 90 * DAY;
    const old = liveOf(id).filter((c) => c.listedAt < from);
    for (const contract of old.filter((_one, n) => n % 3 === 0)) {
      const spans: { from: number; to: number }[] = [];
      let rows = 0;
      for await (const page of venue.settled(io, contract.symbol, from, NOW)) {
        expect(page.refused).toEqual([]);
        rows += page.rows.length;
        if (page.proven) spans.push(page.proven);
      }
      spans.sort((a, b) => a.from - b.from);
      expect(sure(spans[0]).from).toBe(from);
      expect(spans.every((span, i) => i === 0 || span.from <= sure(spans[i - 1]).to)).toBe(true);
      expect(NOW - sure(spans.at(-1)).to).toBeLessThan(8 * HOUR);
      expect(rows).toBeGreaterThan(260);
    }
  });

  it('finds the oldest settlement at least 90 days back', async () => {
    const oldest = await venueOf(id).oldest(createIo(SEED, id), mainContract(contracts, id, 'BTC').symbol);
    expect(oldest).toBeLessThan(NOW - 90 * DAY + 8 * HOUR);
  });

  it('reads hourly prices', async () => {
    // A small price where it has one.
    const { symbol } = mainContract(contracts, id, liveOf(id).some(({ asset }) => asset.name === 'BONK') ? 'BONK' : 'DOGE');
    const closes: number[] = [];
    for await (const page of venueOf(id).prices(createIo(SEED, id), symbol, NOW - 30 * DAY, NOW))
      closes.push(...page.rows.map((row) => row.close));
    expect(closes.length).toBeGreaterThanOrEqual(30 * 24 - 1);
    expect(new Set(closes).size).toBe(closes.length);
  });
});

it('settled rates of Hyperliquid are what the formula makes of the premium beside them, at the interest and off it', async () => {
  let free = 0;
  for (const contract of liveOf('hyperliquid').filter((c) => c.listedAt < NOW - 20 * DAY)) {
    const { asset, symbol } = contract;
    const terms = {
      id: `hyperliquid:${symbol}`,
      venue: 'hyperliquid',
      asset: asset.name,
      money: 'USDT',
      contract: 'linear',
      multiplier: 1,
      formula: formulaOf('hyperliquid'),
    } as const;
    for await (const page of venueOf('hyperliquid').settled(createIo(SEED, 'hyperliquid'), symbol, NOW - 20 * DAY, NOW))
      for (const { stamp, rate, intervalH, premium } of page.rows) {
        expect(Math.abs(rate - theoreticalRate(terms, sure(premium), sure(intervalH), stamp))).toBeLessThanOrEqual(5e-9);
        if (Math.abs(rate - 0.0000125) > 5e-9) free++;
      }
  }
  expect(free).toBeGreaterThan(1000);
});

it('the demo lists about 40 assets, those of the presets among them', () => {
  const assets = new Set(VENUES.flatMap(liveOf).map((contract) => contract.asset.name));
  expect(assets.size).toBeGreaterThan(38);
  expect(assets.size).toBeLessThan(52);
  for (const name of ['BTC', 'DOGE', 'VIRTUAL', 'AIXBT', 'KAITO', 'TIBBIR', 'VADER', 'PEPE', 'SHIB']) expect(assets).toContain(name);
});
