/** Files of this computer that a person points at. */
export interface FilesIn {
  /** By a dialog on the desktop; elsewhere the page hands it over. Ends in `.ending`; 'page': there is no dialog here. */
  choose(wanted: { readonly title: string; readonly ending: string }): Promise<Chosen>;
  /** The file of a setup that the system handed over, by a double click, and that was not shown yet. */
  handed(): Promise<HandedFile | null>;
}

export type Chosen = { readonly kind: 'chosen'; readonly path: string } | { readonly kind: 'cancelled' } | { readonly kind: 'page' };

export interface HandedFile {
  readonly name: string;
  /** Null: it cannot be used, and `wrong` is the sentence that says why. */
  readonly text: string | null;
  readonly wrong: string | null;
}
