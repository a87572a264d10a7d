import { EventEmitter } from 'node:events';

/** Not shown, kept for the specs. */
export class Notification extends EventEmitter {
  static readonly shown: Notification[] = [];
  static isSupported(): boolean {
    return true;
  }
  readonly title: string;
  readonly body: string;
  readonly actions: readonly { readonly type: string; readonly text?: string }[];
  constructor(options: { title?: string; body?: string; actions?: readonly { type: string; text?: string }[] }) {
    super();
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.actions = options.actions ?? [];
  }
  show(): void {
    Notification.shown.push(this);
    this.emit('show');
  }
  close(): void {
    this.emit('close');
  }
}

interface Box {
  readonly message?: string;
  readonly buttons?: string[];
  readonly cancelId?: number;
}

/** Stand-in only: `started` is what the shell asked for. */
export const crashReporter = {
  started: [] as unknown[],
  start(options: unknown): void {
    crashReporter.started.push(options);
  },
};

export const dialog = {
  /** Stand-in only: boxes that were shown, and what the person would press next; cancel where nothing is said. */
  shown: [] as (Box & { readonly title?: string })[],
  answers: [] as number[],
  /** Stand-in only: files that the person would name next; cancelled where none is. */
  paths: [] as string[],
  showSaveDialog(...args: [Box] | [unknown, Box]): Promise<{ canceled: boolean; filePath: string }> {
    dialog.shown.push((args.length === 2 ? args[1] : args[0]) satisfies Box);
    const path = dialog.paths.shift();
    return Promise.resolve({ canceled: path === undefined, filePath: path ?? '' });
  },
  showOpenDialog(...args: [Box] | [unknown, Box]): Promise<{ canceled: boolean; filePaths: string[] }> {
    dialog.shown.push((args.length === 2 ? args[1] : args[0]) satisfies Box);
    const path = dialog.paths.shift();
    return Promise.resolve({ canceled: path === undefined, filePaths: path === undefined ? [] : [path] });
  },
  showErrorBox(title: string, message: string): void {
    dialog.shown.push({ title, message });
  },
  showMessageBox(...args: [Box] | [unknown, Box]): Promise<{ response: number; checkboxChecked: boolean }> {
    const box = (args.length === 2 ? args[1] : args[0]) satisfies Box;
    dialog.shown.push(box);
    return Promise.resolve({ response: dialog.answers.shift() ?? box.cancelId ?? 0, checkboxChecked: false });
  },
};

export interface MenuItem {
  readonly label?: string;
  readonly role?: string;
  readonly click?: () => void;
  readonly submenu?: Menu | MenuItem[];
}

export class Menu {
  static #application: Menu | null = null;
  static buildFromTemplate(template: readonly MenuItem[]): Menu {
    return new Menu(
      template.map((item) => (Array.isArray(item.submenu) ? { ...item, submenu: Menu.buildFromTemplate(item.submenu) } : item)),
    );
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }
  readonly items: readonly MenuItem[];
  constructor(items: readonly MenuItem[]) {
    this.items = items;
  }
}

/** Not shown, kept for the specs. */
export class Tray extends EventEmitter {
  static readonly shown: Tray[] = [];
  readonly image: string;
  tip = '';
  title = '';
  menu: Menu | null = null;
  constructor(image: string) {
    super();
    this.image = image;
    Tray.shown.push(this);
  }
  setToolTip(tip: string): void {
    this.tip = tip;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  setContextMenu(menu: Menu): void {
    this.menu = menu;
  }
}

interface Display {
  readonly id: number;
  readonly workArea: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** Told by the spec: a screen that is unplugged between two runs. */
const displays = JSON.parse(process.env['STAND_IN_DISPLAYS'] ?? '[{"id":1,"workArea":{"x":0,"y":0,"width":1920,"height":1040}}]') as [
  Display,
  ...Display[],
];

export const screen = {
  getPrimaryDisplay: (): Display => displays[0],
  getAllDisplays: (): Display[] => [...displays],
};

const turned = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0x5a));

/** Locks nothing: it only makes a text another one, and back. */
export const safeStorage = {
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(true),
  getSelectedStorageBackend: (): string => 'gnome_libsecret',
  encryptStringAsync: (text: string): Promise<Buffer> => Promise.resolve(turned(Buffer.from(text))),
  decryptStringAsync: (locked: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> =>
    Promise.resolve({ shouldReEncrypt: false, result: turned(locked).toString() }),
};
