/** A key while a part of the screen has the focus. What the list of keys shows is what is bound: there is one table. */
export interface LocalKey<T> {
  /** As `keyNameOf` names them. */
  readonly keys: readonly string[];
  /** What they do, in a few words; null: they are others' other names, and not listed. */
  readonly does: string | null;
  readonly run: (target: T, key: string) => void;
}

/** For the list of keys, which runs nothing. */
export type LocalKeys = readonly Pick<LocalKey<never>, 'keys' | 'does'>[];

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** "Mod+k", "Alt+ArrowUp", "Shift+ArrowLeft", "e", "?": Mod is Ctrl, or Command; a sign that is typed with Shift is named as typed. */
export function keyNameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  const mod = ctrlKey || metaKey;
  const plain = mod ? key.toLowerCase() : key;
  return `${mod ? 'Mod+' : ''}${altKey ? 'Alt+' : ''}${shiftKey && key.length > 1 ? 'Shift+' : ''}${plain}`;
}

/** Runs what the key is bound to; false where it is bound to nothing. */
export function runKey<T>(table: readonly LocalKey<T>[], target: T, event: KeyboardEvent): boolean {
  const name = keyNameOf(event);
  const found = table.find(({ keys }) => keys.includes(name));
  if (found === undefined) return false;
  event.preventDefault();
  found.run(target, name);
  return true;
}

const GLYPHS: Readonly<Record<string, string>> = {
  ArrowUp: '\u2191',
  ArrowDown: '\u2193',
  ArrowLeft: '\u2190',
  ArrowRight: '\u2192',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Delete: 'Del',
  Escape: 'Esc',
  ContextMenu: 'Menu',
  ' ': 'Space',
  '-': '\u2212',
};
const MODIFIERS = ['Mod', 'Alt', 'Shift'];

/** The keys of a name as they stand on a keyboard: "Alt+ArrowUp" is Alt and an arrow. */
export function keyCaps(name: string, isMac = false): string[] {
  const parts = name.split(/\+(?=.)/u);
  return parts.map((part, i) => {
    if (i < parts.length - 1 && MODIFIERS.includes(part)) return part === 'Mod' ? (isMac ? '\u2318' : 'Ctrl') : part;
    return GLYPHS[part] ?? (parts.length > 1 ? part.toUpperCase() : part);
  });
}

/** Of several names that do one thing: what they share once, the rest side by side. */
export function capsOf(names: readonly string[], isMac = false): string[] {
  const all = names.map((name) => keyCaps(name, isMac));
  const shared = all[0]?.slice(0, -1) ?? [];
  if (shared.length === 0 || all.some((caps) => caps.slice(0, -1).join() !== shared.join())) return all.flat();
  return [...shared, all.map((caps) => caps.at(-1) ?? '').join('')];
}
