/** A file of this computer that a person points at: a dialog on the desktop; elsewhere the page hands it over. */
export interface FilesIn {
  /** Ends in `.ending`; 'page': there is no dialog here. */
  choose(wanted: { readonly title: string; readonly ending: string }): Promise<Chosen>;
}

export type Chosen = { readonly kind: 'chosen'; readonly path: string } | { readonly kind: 'cancelled' } | { readonly kind: 'page' };
