/** A file that a person asked for. */
export interface OutFile {
  /** With its ending; no folder. */
  readonly name: string;
  /** Media type. */
  readonly type: string;
  /** A text is written in UTF-8. */
  readonly content: Uint8Array | string;
}

export type PutOut =
  | { readonly kind: 'saved'; readonly path: string }
  | { readonly kind: 'cancelled' }
  /** The page has to hand it to the browser. */
  | { readonly kind: 'download' };

/** The way out for files: a dialog that asks where on the desktop, the browser's own download elsewhere. Rejects with UserError where it cannot be written. */
export interface FilesOut {
  put(file: OutFile): Promise<PutOut>;
}
