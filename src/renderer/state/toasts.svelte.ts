export type ToastKind = 'signal' | 'notice' | 'fault';

export interface ToastAction {
  readonly label: string;
  run(): void;
}

export interface Toast {
  readonly id: number;
  readonly kind: ToastKind;
  readonly title: string;
  readonly body: string;
  readonly action: ToastAction | null;
}

const SHOWN_MS = 8000;
/** What can be undone waits for longer: it is read, understood and regretted. */
const UNDO_MS = 20_000;
const MOST = 4;

/** Of what a newer message takes the place where there are too many: signals, which stand in the log, before notices; never what can be undone, and no fault. */
const isSpare = ({ kind, action }: Toast): boolean => kind === 'signal' || (kind === 'notice' && action === null);

/** The list without what there is no room for, the oldest that can be spared first. */
export function roomFor(list: readonly Toast[], most = MOST): readonly Toast[] {
  const excess = list.length - most;
  if (excess <= 0) return list;
  const spare = new Set(
    [...list]
      .filter(isSpare)
      .toSorted((a, b) => Number(b.kind === 'signal') - Number(a.kind === 'signal') || a.id - b.id)
      .slice(0, excess),
  );
  return list.filter((toast) => !spare.has(toast));
}

/** Messages that come and go; faults stay until they are closed. */
export class Toasts {
  #next = 1;
  list = $state.raw<readonly Toast[]>([]);

  show(kind: ToastKind, title: string, body = '', action: ToastAction | null = null): void {
    if (this.list.some((toast) => toast.title === title && toast.body === body)) return;
    const toast: Toast = { id: this.#next++, kind, title, body, action };
    this.list = roomFor([...this.list, toast]);
    if (kind !== 'fault') setTimeout(() => this.close(toast.id), action === null || kind === 'signal' ? SHOWN_MS : UNDO_MS);
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}
