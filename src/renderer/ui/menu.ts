export interface MenuItem {
  readonly text: string;
  readonly keys?: string;
  /** For choices: whether it is the one in force. */
  readonly checked?: boolean;
  /** Of several that may be in force at once. */
  readonly many?: true;
  readonly disabled?: boolean;
  readonly run: () => void;
}

export type MenuEntry = MenuItem | { readonly heading: string };
