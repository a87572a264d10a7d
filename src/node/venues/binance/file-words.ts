import { createHash } from 'node:crypto';
import { zipOf } from '../common/zip.ts';

/** A settlement as a monthly file tells it. */
export interface FileRow {
  readonly stamp: number;
  readonly hours: number;
  readonly rate: string;
}

export interface FileForm {
  /** Older files have none. */
  readonly header?: boolean;
  readonly unit?: 'ms' | 'us';
}

/** What the demo and the fake serve for `<symbol>-fundingRate-<month>.zip`, and for its .CHECKSUM. */
export function fundingFile(
  file: string,
  rows: readonly FileRow[],
  { header = true, unit = 'ms' }: FileForm = {},
): { zip: Buffer; sum: string } {
  const lines = rows.map(({ stamp, hours, rate }) => `${unit === 'ms' ? stamp : `${stamp}000`},${hours},${rate}\n`);
  const text = [...(header ? ['calc_time,funding_interval_hours,last_funding_rate\n'] : []), ...lines].join('');
  const zip = zipOf(file.replace(/\.zip$/u, '.csv'), text);
  return { zip, sum: `${createHash('sha256').update(zip).digest('hex')}  ${file}\n` };
}
