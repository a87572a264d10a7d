import type { Component } from 'svelte';
import type { OwnWindow } from '#bridge/layout.ts';
import type { PanelHost } from './host.svelte.ts';
import type { LocalKeys } from './keys.ts';

/** Something that the person can do: in the palette by its title, and by its key where one is bound. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** As `keyNameOf` names it. No two commands have the same one; it means a letter while something is typed. */
  readonly keys?: string;
  /** The key also works while something is typed, or a dialog stands over the page. */
  readonly everywhere?: true;
  /** One of very many: the palette shows it to those who type a part of its name. */
  readonly byName?: true;
  readonly run: () => void;
  /** False: it is neither offered nor done now. */
  readonly when?: () => boolean;
}

/** What every panel is given; it reads everything else from the contexts. */
export interface PanelProps {
  /** Which of its pages is in front, as it was opened or as this window kept it; null: the panel decides. */
  page: string | null;
  onclose: () => void;
}

/** What the layout asks of a panel that stands on the screen. */
export interface PanelInstance {
  /** Takes the focus; `part`: to one of the parts that the panel's own commands name. */
  focus?(part?: string): void;
  /** A key that was pressed where nothing has the focus: the left panel takes what it wants of them. */
  strayKey?(event: KeyboardEvent): void;
}

/**
 * Where a panel comes to stand when it is opened: `left` and `main` at the start; those `below` the main one as tabs of one group;
 * one `beside` at the right where there is room for it and the main one, else as a tab in front of that; a `dialog` stands over the
 * page. From there the person moves it wherever it is wanted.
 */
export type Place = 'left' | 'main' | 'below' | 'beside' | 'dialog';

/** One that takes no props is given them all the same, and looks at none. */
export const componentOf = ({ component }: Panel): Component<PanelProps, PanelInstance> =>
  component as Component<PanelProps, PanelInstance>;

/** A part of the screen. The palette, the list of keys and the layout know it by its line in app/panels.ts alone. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  /** What it is for, in a few words: tooltips and the palette say it. */
  readonly says: string;
  readonly icon: Component;
  /** One that needs nothing of `PanelProps` takes nothing. */
  readonly component: Component<PanelProps, PanelInstance> | Component<Record<string, never>, PanelInstance>;
  readonly place: Place;
  /** Opens it, and puts the focus into it. */
  readonly key?: string;
  /** The smallest size in px at which it is of use: one that has so much room does not get smaller. It sizes itself by its own container: see docs/how-to-add-a-panel.md. */
  readonly minSize: { readonly width: number; readonly height: number };
  /** Px that it would like beyond its usual share of the page. */
  readonly extraWidth?: (host: PanelHost) => number;
  /** Of those below: by default it stands next to the others where there is room. */
  readonly stays?: true;
  /** Several of it may stand open at once. */
  readonly several?: true;
  /** It is about one instrument: it may have a link colour. */
  readonly linked?: true;
  /** What can be done with it, besides opening it. */
  readonly commands?: (host: PanelHost) => readonly Command[];
  /** Keys that it takes while it has the focus. */
  readonly keys?: LocalKeys;
  /** What of it is of now though the window stands in the past, in a sentence that it then says; left out: nothing. */
  readonly ofNow?: string;
  /** A window of its own shows something else than the panel as it is docked; false: it could not be opened. */
  readonly popOut?: (host: PanelHost, at: OwnWindow | null) => boolean;
  /** It opens from another panel, which knows what with: the palette does not name it. */
  readonly isInner?: true;
  /** Called once where the page starts, to set contexts of state that outlives the panel on the screen. */
  readonly provide?: (host: PanelHost) => void;
}
