import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { headerOf, hourTable, pollTable, priceTable, type SeriesTable, settledTable } from '#core/read/export/series-table.ts';
import { coinOf, type Instrument, moneyOf } from '#domain/instrument.ts';
import { TABLE_FORMATS as FORMATS, type TableFormat } from '#bridge/out.ts';
import { tableText, writeTable } from '#node/export/table-file.ts';
import { type Answer, type Command, EXIT, EXIT_HELP } from './command.ts';
import { parseFlags } from './flags.ts';
import type { Io } from './io.ts';
import { timeOf } from './metric-args.ts';
import { PLACE_FLAGS, placeFrom } from './place.ts';
import { instrumentOf, type OpenHistory, withStoredHistory } from './stored-history.ts';
import { UsageError } from './usage.ts';

const KINDS = ['settled', 'prices', 'hours', 'polls'] as const;
type Kind = (typeof KINDS)[number];

const EXPORT_HELP = `Usage: npm run -s perpscope -- export --venue V --symbol S --kind settled [--out file.parquet] [flags]

Writes what the local history holds of an instrument, also beside a running app. Every column says its unit, and whether it was worked
out here ("derived"); times are UTC. A file of settlements can be given to metrics and evidence with --file.

  --venue V --symbol S     the instrument
  --kind settled           settled (rates as charged), prices (hourly closes of the venue), hours (as observed here), polls
  --out FILE               .csv, .jsonl or .parquet; without it CSV goes to standard output
  --format csv             where the name of the file does not say it: csv, jsonl, parquet
  --force                  write over a file that is there
  --from, --to TIME        rows after the one and up to the other: milliseconds since 1970 or 2026-01-31T08:00Z
  --as-of TIME             what had been learnt by then
  --data-dir FOLDER        where the local history lives; --demo for the demo's
  --history ADDRESS        a desk's history in PostgreSQL instead, as postgres://reader@host/database (docs/desk.md);
                           --archive PLACE where its old months lie
  --json                   what was written, as JSON; the rows themselves go to --out
  --help                   this text

Example: npm run -s perpscope -- export --venue binance --symbol BTCUSDT --kind settled --from 2025-01-01 --out btc.parquet

${EXIT_HELP}`;

const options = {
  venue: { type: 'string' },
  symbol: { type: 'string' },
  kind: { type: 'string' },
  out: { type: 'string' },
  format: { type: 'string' },
  force: { type: 'boolean' },
  from: { type: 'string' },
  to: { type: 'string' },
  'as-of': { type: 'string' },
  ...PLACE_FLAGS,
} as const;

interface ExportRequest {
  readonly id: string;
  readonly kind: Kind;
  readonly out: string | null;
  readonly format: TableFormat;
  readonly from: number | null;
  readonly to: number | null;
  readonly asOf: number | null;
  readonly dataDir: string | null;
  readonly demo: boolean;
  readonly shared: string | null;
  readonly archive: string | null;
}

/** Rows of the local history as a file. */
export const exporting: Command = {
  name: 'export',
  help: EXPORT_HELP,
  run(args, io, json) {
    const request = readExportArgs(args);
    if (json && request.out === null)
      throw new UsageError(
        'With --json the rows need a file of their own: say --out file.jsonl, or leave --json out and say --format jsonl.',
      );
    return write(request, io);
  },
};

/** Throws UsageError that says what to ask instead. */
function readExportArgs(args: readonly string[]): ExportRequest {
  const values = parseFlags(args, options);
  const { venue, symbol, out = null } = values;
  if (venue === undefined || symbol === undefined) throw new UsageError('Say of what: --venue and --symbol, as export --help shows.');
  const kind = KINDS.find((one) => one === (values.kind ?? 'settled'));
  if (kind === undefined) throw new UsageError(`--kind is one of ${KINDS.join(', ')}, not "${values.kind ?? ''}".`);
  const named = out === null ? 'csv' : extname(out).slice(1).toLowerCase();
  const format = FORMATS.find((one) => one === (values.format ?? named));
  if (format === undefined)
    throw new UsageError(`What should ${out ?? 'it'} be? Name it .csv, .jsonl or .parquet, or say --format, one of ${FORMATS.join(', ')}.`);
  if (format === 'parquet' && out === null)
    throw new UsageError('Parquet is no text for a terminal: say where to write it with --out file.parquet.');
  if (out !== null && existsSync(out) && values.force !== true)
    throw new UsageError(`${out} is there already. Choose another name, or say --force.`);
  return {
    id: `${venue}:${symbol}`,
    kind,
    out,
    format,
    from: timeOf('--from', values.from),
    to: timeOf('--to', values.to),
    asOf: timeOf('--as-of', values['as-of']),
    ...placeFrom(values),
  };
}

const write = (request: ExportRequest, io: Io): Promise<Answer> =>
  withStoredHistory(request, async ({ history, missing }) => {
    const { id, kind, out, format, asOf } = request;
    const instrument = instrumentOf(id, await history.instruments(asOf), asOf);
    const table = await tableOf(history, instrument, request);
    const rows = table[0]?.values.length ?? 0;
    const columns = table.map(headerOf);
    const data = { instrument: id, kind, rows, columns, file: out, format };
    if (rows === 0)
      return {
        data: { ...data, file: null },
        notes: missing(),
        error: `The history holds no ${kind} of ${id} there.`,
        exit: EXIT.incomplete,
      };
    if (out === null && format !== 'parquet') {
      for (const chunk of tableText(table, format)) io.out(chunk.trimEnd());
      return { data, notes: missing() };
    }
    const about = { instrument: id, kind, as_of: asOf === null ? 'now' : new Date(asOf).toISOString() };
    try {
      await writeTable(out ?? '', format, table, about);
    } catch (error) {
      throw new UsageError(`${out ?? ''} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    return { data, notes: [...missing(), `${rows} rows of ${id}, ${kind}: ${columns.join(', ')}`] };
  });

async function tableOf(
  history: OpenHistory['history'],
  instrument: Instrument,
  { kind, from, to, asOf }: ExportRequest,
): Promise<SeriesTable> {
  const units = { money: moneyOf(instrument), coin: coinOf(instrument) };
  const range = [instrument.id, from ?? -1, to ?? Number.MAX_SAFE_INTEGER, asOf] as const;
  if (kind === 'settled') return settledTable(await history.settled(...range), units);
  if (kind === 'prices') return priceTable(await history.prices(...range), units);
  return kind === 'hours' ? hourTable(await history.hours(...range), units) : pollTable(await history.snapshots(...range), units);
}
