import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Tier } from '#domain/decisions/maintenance.ts';
import { asRow, labelOf, malformed, readAmount } from '../common/read.ts';
import { grouped } from '../common/rules.ts';
import { NAME, parseData } from './body.ts';

type PositionTiers = Pick<OrderRules, 'maintenance' | 'notes'> & {
  /** The largest position that is allowed, in contracts: the end of the last tier. */
  readonly mostContracts: string | null;
};

/**
 * Body of GET /api/v5/public/position-tiers for one family of instruments: each row is a tier of positions above the one before
 * it and up to `maxSz` contracts, and the whole position pays its rate.
 */
export function parsePositionTiers(text: string, family: string): PositionTiers {
  const rows = parseData(text, 'list of position tiers').map((item) => {
    const row = asRow(item);
    if (row?.['instFamily'] !== family && row?.['uly'] !== family)
      throw malformed(NAME, `asked for the position tiers of ${family}, told of ${labelOf(row?.['instFamily'])}`);
    const [most, rate, leverage] = ['maxSz', 'mmr', 'maxLever'].map((name) => readAmount(row[name]));
    if (!most || !rate || !leverage) throw malformed(NAME, `position tiers of ${family}: one without maxSz, mmr or maxLever above 0`);
    return { most: exact(most), rate: exact(rate), leverage: exact(leverage) };
  });
  rows.sort((a, b) => a.most.cmp(b.most));
  const isTwice = rows.some(({ most }, i) => i > 0 && most.eq(rows[i - 1]?.most ?? 0));
  if (isTwice) throw malformed(NAME, `position tiers of ${family}: a tier twice`);
  const last = rows.at(-1);
  if (last === undefined) {
    const notes = [`${NAME} lists no position tiers for it, so there is no maintenance margin.`];
    return { maintenance: null, mostContracts: null, notes };
  }
  const tiers = rows.map(({ rate, leverage }, i): Tier => ({
    floor: rows[i - 1]?.most.toFixed() ?? '0',
    rate: rate.toFixed(),
    maxLeverage: leverage.toFixed(),
  }));
  const mostContracts = last.most.toFixed();
  return {
    maintenance: { kind: 'tiers', tiers, charge: 'whole', by: 'contracts' },
    mostContracts,
    notes: [`The largest position that ${NAME} allows is ${grouped(mostContracts)} contracts.`],
  };
}
