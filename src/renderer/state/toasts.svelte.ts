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
const MOST = 4;

/** Messages that come and go; faults stay until they are closed. */
export class Toasts {
  #next = 1;
  list = $state.raw<readonly Toast[]>([]);

  show(kind: ToastKind, title: string, body = '', action: ToastAction | null = null): void {
    if (this.list.some((toast) => toast.title === title && toast.body === body)) return;
    const toast: Toast = { id: this.#next++, kind, title, body, action };
    this.list = [...this.list, toast].slice(-MOST);
    if (kind !== 'fault') setTimeout(() => this.close(toast.id), SHOWN_MS);
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}
