import { splitMultiplier } from '#domain/multiplier.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { createVenues, venueFormulas } from '#node/venues/index.ts';
import type { Io } from './io.ts';
import type { FileOf, MetricRequest } from './metric-args.ts';
import { readSettlements, type SettlementFile } from './settlements-csv.ts';
import { near, UsageError } from './usage.ts';

/** A file and what its name says it is of. */
export interface FilePart {
  readonly instrument: FrameInstrument;
  readonly file: SettlementFile;
}

/** Reads each file; `notes` say how. Throws UsageError that names the line. */
export async function readParts(
  { files, venue, symbol, zoneMs }: Pick<MetricRequest, 'venue' | 'symbol' | 'zoneMs'> & { readonly files: readonly FileOf[] },
  { ofOneAsset }: { readonly ofOneAsset: boolean },
  io: Io,
): Promise<{ readonly parts: readonly FilePart[]; readonly notes: string[] }> {
  const ids = files.map(({ id }, i) => id ?? (i === 0 && venue !== null ? `${venue}:${symbol ?? 'file'}` : `:file${i === 0 ? '' : i + 1}`));
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new UsageError(`${twice} is given twice: each file is another instrument.`);
  const instruments = ids.map(nameOf);
  const notes = [...notesOn(instruments, ofOneAsset)];
  const parts: FilePart[] = [];
  for (const [i, { path, id }] of files.entries()) {
    const asked = id === null ? (i === 0 ? symbol : null) : id.slice(id.indexOf(':') + 1);
    const file = readSettlements(await textOf(path, io), path, { symbol: asked, zoneMs });
    notes.push(...file.notes.map((note) => `${path}: ${note}`));
    parts.push({ instrument: instruments[i] ?? nameOf(''), file });
  }
  return { parts, notes };
}

async function textOf(path: string, io: Io): Promise<string> {
  try {
    return await io.read(path === '-' ? null : path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is left of a symbol without what it is quoted in: BTCUSDT, BTC-USDT-SWAP, BTC/USDT:USDT, BTC_PERP. */
const QUOTE = /[-_/]?(?:USDT|USDC|USD|PERP)(?:[-_/:].*)?$/su;

const MONEY = /(USDT|USDC|USD)/u;

/** A file tells no more than its name: venue, coin and how many of it a unit is, money. */
function nameOf(id: string): FrameInstrument {
  const colon = id.indexOf(':');
  const [venue, symbol] = [id.slice(0, colon), id.slice(colon + 1)];
  // Where the name says no money, prices are taken as USD.
  const money = MONEY.exec(symbol)?.[1] ?? 'USD';
  const kPrefix = createVenues().some((one) => one.id === venue && one.kPrefix === true);
  const coin = splitMultiplier(symbol.replace(QUOTE, ''), { kPrefix });
  const formula = venueFormulas()[venue];
  // Of premiums a file tells its prices alone, whatever the venue's polls state.
  return { id, venue, money, contract: 'linear', formula: formula === undefined ? null : { ...formula, ownPremium: false }, ...coin };
}

function* notesOn(instruments: readonly FrameInstrument[], ofOneAsset: boolean): Iterable<string> {
  const known = Object.keys(venueFormulas());
  for (const venue of new Set(instruments.map((one) => one.venue))) {
    if (venue === '' || known.includes(venue)) continue;
    const [meant] = near(venue, known, 1);
    yield `The terms of the venue "${venue}" are not known: what rests on its formula or its neutral rate has no value.${meant === undefined ? '' : ` Did you mean ${meant}?`} Known are ${known.join(', ')}.`;
  }
  const assets = [...new Set(instruments.filter(({ id }) => !id.startsWith(':')).map(({ asset }) => asset))];
  if (ofOneAsset && assets.length > 1) yield `By their names these are several coins (${assets.join(', ')}); they are compared as one.`;
}
