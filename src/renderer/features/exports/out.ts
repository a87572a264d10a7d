import type { CallInput } from '#bridge/contract.ts';
import { type PutOut, type ShownColumn, TABLE_FORMATS, type TableFormat } from '#bridge/out.ts';
import { type Pictured, pngOf, svgOf } from '../../charts/picture.ts';
import type { PanelHost } from '../../panels/host.svelte.ts';
import type { Command } from '../../panels/panel.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import type { MenuEntry } from '../../ui/menu.ts';
import { forMachines } from '../../format/notation.ts';

export type OutTable = Omit<CallInput<'out.table'>, 'format'>;

/** What a panel can give as a file: each by its heading in the menu. */
export interface Outs {
  /** The table that is on the screen. */
  readonly table?: () => OutTable;
  /** Everything behind it. */
  readonly series?: () => Omit<CallInput<'out.series'>, 'format'>;
  readonly stored?: () => Omit<CallInput<'out.stored'>, 'format' | 'kind'>;
  readonly picture?: () => Pictured | null;
}

const FORMAT_NAMES: Readonly<Record<TableFormat, string>> = { csv: 'CSV', jsonl: 'JSON lines', parquet: 'Parquet' };
const KINDS = { settled: 'Settlements', prices: 'Hourly prices', hours: 'Observed hours', polls: 'Polls' } as const;

/** Entries of a menu; `page`: the document that asks. */
export function outEntries(app: AppState, { table, series, stored, picture }: Outs, page: Document): MenuEntry[] {
  const run = (ask: () => Promise<PutOut>) => (): void => void deliver(app, page, ask);
  const formats = (text: string, ask: (format: TableFormat) => Promise<PutOut>): MenuEntry[] =>
    TABLE_FORMATS.map((format) => ({ text: `${text} as ${FORMAT_NAMES[format]}`, run: run(() => ask(format)) }));
  const { client } = app;
  return [
    ...(picture === undefined ? [] : [{ heading: 'Picture' }, ...pictures(app, picture, page)]),
    ...(table === undefined
      ? []
      : [{ heading: 'What is shown' }, ...formats('Table', (format) => client.call('out.table', { ...forMachines(table), format }))]),
    ...(series === undefined
      ? []
      : [{ heading: 'Series' }, ...formats('Series', (format) => client.call('out.series', { ...series(), format }))]),
    ...(stored === undefined
      ? []
      : [
          { heading: 'As it is stored' },
          ...Object.entries(KINDS).flatMap(([kind, text]) =>
            formats(text, (format) => client.call('out.stored', { ...stored(), kind: kind as keyof typeof KINDS, format })),
          ),
        ]),
  ];
}

/** What a panel's commands offer of its table: one a format, in the palette. */
export const outCommands = (host: PanelHost, id: string, title: string, table: () => OutTable | Promise<OutTable>): Command[] =>
  TABLE_FORMATS.map((format) => ({
    id: `out-${id}-${format}`,
    title: `${title}: export as ${FORMAT_NAMES[format]}`,
    run: () => void deliver(host.app, host.page, async () => host.app.client.call('out.table', { ...(await forMachines(table)), format })),
  }));

function pictures(app: AppState, picture: () => Pictured | null, page: Document): MenuEntry[] {
  return (['png', 'svg'] as const).map((type) => ({
    text: `Chart as ${type.toUpperCase()}`,
    run: () => void putPicture(app, picture, type, page),
  }));
}

/** The chart as a picture: a file on the desktop, a download in the browser. */
export async function putPicture(app: AppState, picture: () => Pictured | null, type: 'png' | 'svg', page: Document): Promise<void> {
  const pictured = picture();
  if (pictured === null) {
    app.toasts.show('notice', 'There is no chart to export yet', 'It draws itself once the history is read.');
    return;
  }
  await deliver(app, page, async () => {
    const bytes = type === 'png' ? await pngOf(pictured) : await svgOf(pictured);
    const mime = type === 'png' ? 'image/png' : 'image/svg+xml';
    const name = pictured.title.slice(0, 80);
    // A browser's page has its picture already.
    if (app.info?.shell === 'browser')
      return {
        kind: 'download',
        name: `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}.${type}`,
        type: mime,
        content: new Uint8Array(bytes),
      };
    return app.client.call('out.picture', { name, type, bytes: new Uint8Array(bytes) });
  });
}

/** Saves it, or hands it to the browser; `ask` may fail in words. */
export async function deliver(app: AppState, page: Document, ask: () => Promise<PutOut>): Promise<void> {
  try {
    const out = await ask();
    if (out.kind === 'saved') app.toasts.show('notice', 'Saved', out.path);
    if (out.kind === 'download') download(out, page);
  } catch (error) {
    app.tell(error);
  }
}

function download({ name, type, content }: Extract<PutOut, { kind: 'download' }>, page: Document): void {
  const url = URL.createObjectURL(new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type }));
  const link = page.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn of its loop.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/** Columns of a table of the screen; `origin` is derived unless said. */
export const columnOf = {
  time: (name: string, values: Iterable<number | null>): ShownColumn => ({
    ...{ name, unit: '', origin: 'measured', type: 'time' },
    values: Array.from(values, (value) => value ?? NaN),
  }),
  number: (name: string, unit: string, values: Iterable<number | null>, origin: ShownColumn['origin'] = 'derived'): ShownColumn => ({
    ...{ name, unit, origin, type: 'number' },
    values: Array.from(values, (value) => value ?? NaN),
  }),
  text: (name: string, values: Iterable<string>): ShownColumn => ({
    ...{ name, unit: '', origin: 'measured', type: 'text' },
    values: [...values],
  }),
};
