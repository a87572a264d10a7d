export interface MenuItem {
  readonly text: string;
  readonly keys?: string;
  /** For choices: whether it is the one in force. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly run: () => void;
}

export type MenuEntry = MenuItem | { readonly heading: string };
